"""Memory that a worker of a DataLoader lends to its parent with a batch, and takes back when the batch is dropped.

PyTorch makes shared memory anew for each tensor that a worker hands over. For large patches the kernel's clearing and mapping
of that memory takes longer than reading does. Here a worker keeps the memory that it made. In front of the pixels lies a page
with a byte for each time that the memory is lent: the worker sets it, and the parent clears it when the last tensor that
came with that loan is gone.
"""

from __future__ import annotations

import ctypes
import mmap
import multiprocessing
import os
import weakref
from multiprocessing.reduction import ForkingPickler
from typing import Any

import torch
from torch.multiprocessing.reductions import reduce_tensor

_PAGE = mmap.PAGESIZE
# Memories of a worker at a time, with two file descriptors each; beyond them torch's own way is taken.
_MOST = 64
# Free ones that are kept: a batch being read, and a few that wait, of three resolutions.
_SPARE = 12


class _Memory:
    """A file without a name, mapped: the page of loans, and the memory that is lent."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.descriptor = os.memfd_create("datacube_lab", os.MFD_CLOEXEC)
        os.ftruncate(self.descriptor, _PAGE + size)
        self.mapping = mmap.mmap(self.descriptor, _PAGE + size)
        self.number = os.fstat(self.descriptor).st_ino
        self._used: Any = lambda: None

    def __del__(self) -> None:
        os.close(self.descriptor)

    def is_free(self) -> bool:
        return self._used() is None and not any(self.mapping[:_PAGE])

    def use(self) -> ctypes.Array:
        view = (ctypes.c_uint8 * self.size).from_buffer(self.mapping, _PAGE)
        self._used = weakref.ref(view)
        return view

    def lend(self) -> int | None:
        """The number of a new loan."""
        loan = self.mapping[:_PAGE].find(0)
        if loan < 0:
            return None
        self.mapping[loan] = 1
        return loan


class _Lender:
    """The memories of one worker, by their addresses."""

    def __init__(self) -> None:
        self._memories: dict[int, _Memory] = {}
        self.process = os.getpid()

    def take(self, size: int) -> ctypes.Array | None:
        """Memory that nobody uses, of a size that fits; None where too many are in use."""
        free = {address: memory for address, memory in self._memories.items() if memory.is_free()}
        fitting = [memory for memory in free.values() if size <= memory.size <= 2 * size]
        if fitting:
            return min(fitting, key=lambda memory: memory.size).use()
        for address in list(free)[: max(0, len(free) - _SPARE)]:
            del self._memories[address]
        if len(self._memories) == _MOST:
            return None
        memory = _Memory(size)
        view = memory.use()
        self._memories[ctypes.addressof(view)] = memory
        return view

    def reduce(self, tensor: torch.Tensor) -> tuple:
        """How a tensor is pickled for the parent: as a loan where it lies in a memory of this worker."""
        memory = None
        if self.process == os.getpid() and tensor.layout == torch.strided and tensor.device.type == "cpu":
            memory = self._memories.get(_address(tensor))
        loan = None if memory is None or tensor.requires_grad else memory.lend()
        if memory is None or loan is None:
            return reduce_tensor(tensor)
        place = (self.process, memory.descriptor, memory.number, memory.size)
        return _borrow, (place, loan, tensor.dtype, tuple(tensor.size()), tensor.stride(), tensor.storage_offset())


def _address(tensor: torch.Tensor) -> int:
    storage = tensor.untyped_storage() if hasattr(tensor, "untyped_storage") else tensor.storage()
    return storage.data_ptr()


_lender: _Lender | None = None


def lent_tensor(shape: tuple[int, ...], kind: torch.dtype) -> torch.Tensor | None:
    """A tensor of any content that goes from this worker to its parent without a copy; None where too many are in use."""
    global _lender
    if _lender is None or _lender.process != os.getpid():
        _lender = _Lender()
        ForkingPickler.register(torch.Tensor, _lender.reduce)
    count = 1
    for length in shape:
        count *= length
    view = _lender.take(count * torch.empty(0, dtype=kind).element_size())
    # Not a view, so that parts of it know it as their base.
    return None if view is None else torch.frombuffer(view, dtype=kind, count=count).resize_(shape)


# In the parent

# The mappings of each living worker's memories, by their numbers.
_mapped: dict[int, dict[int, mmap.mmap]] = {}


def _borrow(place: tuple[int, int, int, int], loan: int, kind: torch.dtype, size, stride, offset) -> torch.Tensor:
    worker, descriptor, number, length = place
    mapping = _mapping(worker, descriptor, number, length)
    view = (ctypes.c_uint8 * length).from_buffer(mapping, _PAGE)
    weakref.finalize(view, _give_back, mapping, loan, os.getpid()).atexit = False
    return torch.frombuffer(view, dtype=kind).as_strided(size, stride, offset)


def _give_back(mapping: mmap.mmap, loan: int, borrower: int) -> None:
    # A process that the borrower forked has the tensors too, and must not end the loan.
    if os.getpid() == borrower:
        mapping[loan] = 0


def _mapping(worker: int, descriptor: int, number: int, length: int) -> mmap.mmap:
    known = _mapped.get(worker)
    if known is not None and number in known:
        return known[number]
    # Any process of this user may open what another has open, by way of /proc; nothing has to be sent along.
    opened = os.open(f"/proc/{worker}/fd/{descriptor}", os.O_RDWR | os.O_CLOEXEC)
    try:
        mapping = mmap.mmap(opened, _PAGE + length)
    finally:
        os.close(opened)
    if known is None:
        known = _remembered(worker)
    known[number] = mapping
    if len(known) > _MOST:
        del known[next(iter(known))]
    return mapping


def _remembered(worker: int) -> dict[int, mmap.mmap]:
    """Where the mappings of a worker are kept, until its DataLoader is gone."""
    process = next((child for child in multiprocessing.active_children() if child.pid == worker), None)
    if process is None:
        return {}
    weakref.finalize(process, _mapped.pop, worker, None).atexit = False
    return _mapped.setdefault(worker, {})
