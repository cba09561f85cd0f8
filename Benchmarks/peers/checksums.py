"""The checksums of a patch, as patch-bench defines them (docs/benchmark.md)."""

import zlib

import numpy


def checksums(arrays: dict[str, numpy.ndarray]) -> dict[str, int]:
    """By resolution: CRC-32 over the little-endian CRC-32 of every plane `(time, band)`, planes in that order.

    A plane's bytes are its little-endian 16-bit values, row by row.
    """
    return {resolution: _checksum(array) for resolution, array in arrays.items()}


def _checksum(array: numpy.ndarray) -> int:
    if array.dtype != numpy.uint16:
        raise TypeError(f"pixels are {array.dtype}, not uint16")
    planes = numpy.ascontiguousarray(array, dtype="<u2").reshape(-1, *array.shape[2:])
    return zlib.crc32(b"".join(zlib.crc32(plane).to_bytes(4, "little") for plane in planes))
