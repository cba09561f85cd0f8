"""Windows and the arrays that they are read into."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np

from .errors import DatacubeValueError
from .library import DN, REFLECTANCE, Window

Shape = tuple[int, int, int, int]


def as_array(value: Any) -> np.ndarray:
    """The memory of an array or of a tensor that is not on a device, as numpy sees it."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "numpy") and hasattr(value, "data_ptr"):
        return value.numpy()
    raise DatacubeValueError(f"configuration: {type(value).__name__} is no array or tensor to read into", "configuration")


def checked_output(value: Any, shape: tuple[int, ...], dtype: np.dtype, name: str) -> np.ndarray:
    """An array of the caller that can take what is read."""
    array = as_array(value)
    complaint = None
    if array.shape != shape:
        complaint = f"has the shape {array.shape}, not {shape}"
    elif array.dtype != dtype:
        complaint = f"is of {array.dtype}, not {dtype}"
    elif not array.flags.writeable:
        complaint = "is read-only"
    if complaint:
        raise DatacubeValueError(f"configuration: the array for {name} {complaint}; give another", "configuration")
    return array


def _positions(list_of: Sequence[int] | None) -> Any:
    return None if list_of is None else (ctypes.c_int32 * len(list_of))(*list_of)


def window(
    metres: int,
    corner: tuple[int, int],
    array: np.ndarray,
    dates: Sequence[int] | None,
    bands: Sequence[int] | None,
) -> Window:
    """What the library is to read into an array `(time, band, y, x)`; the array must be kept until it has ended."""
    height, width = array.shape[2:]
    content = REFLECTANCE if array.dtype == np.float32 else DN
    return Window(
        resolution=metres,
        content=content,
        x=corner[0],
        y=corner[1],
        width=width,
        height=height,
        dates=_positions(dates),
        bands=_positions(bands),
        date_count=0 if dates is None else len(dates),
        band_count=0 if bands is None else len(bands),
        pixels=array.ctypes.data,
        strides=(ctypes.c_int64 * 4)(*array.strides),
    )
