"""What the system keeps of files in memory: making it forget, and proving that it did."""

import ctypes
import mmap
import os

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
_libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]


def evict(paths: list[str]) -> None:
    """Writes files out and has their pages forgotten."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def resident_share(paths: list[str]) -> float:
    """The share of the files' pages that is in memory, by mincore."""
    pages = [_pages(path) for path in paths]
    total = sum(count for _, count in pages)
    return sum(resident for resident, _ in pages) / total if total else 0.0


def _pages(path: str) -> tuple[int, int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(descriptor).st_size
        if size == 0:
            return 0, 0
        count = -(-size // mmap.PAGESIZE)
        # Python's own mmap does not tell where it lies without a writable buffer.
        address = _libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, descriptor, 0)
        states = ctypes.create_string_buffer(count)
        failed = _libc.mincore(address, size, states)
        _libc.munmap(address, size)
        if failed:
            raise OSError(ctypes.get_errno(), "mincore", path)
        return sum(state & 1 for state in states.raw), count
    finally:
        os.close(descriptor)


def disk_bytes(process: int) -> int:
    """Bytes that a process has had fetched from a disk, by the kernel's count."""
    with open(f"/proc/{process}/io") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("read_bytes"))
