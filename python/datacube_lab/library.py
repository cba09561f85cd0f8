"""The C library: its functions, and calls that Python can end."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from typing import Any

from .errors import DatacubeError, error

DN, REFLECTANCE = 0, 1

# Seconds after which Python looks whether a signal has come.
_LOOK = 0.05


class Place(ctypes.Structure):
    """`datacube_place` of datacube.h."""

    _fields_ = [
        ("store", ctypes.c_char_p),
        ("storage", ctypes.c_char_p),
        ("profile", ctypes.c_char_p),
        ("format", ctypes.c_char_p),
        ("tile", ctypes.c_char_p),
        ("year", ctypes.c_int32),
        ("resolutions", ctypes.c_char_p),
        ("threads", ctypes.c_int32),
    ]


class Window(ctypes.Structure):
    """`datacube_window` of datacube.h."""

    _fields_ = [
        ("resolution", ctypes.c_int32),
        ("content", ctypes.c_int32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("width", ctypes.c_int32),
        ("height", ctypes.c_int32),
        ("dates", ctypes.POINTER(ctypes.c_int32)),
        ("bands", ctypes.POINTER(ctypes.c_int32)),
        ("date_count", ctypes.c_int32),
        ("band_count", ctypes.c_int32),
        ("pixels", ctypes.c_void_p),
        ("strides", ctypes.c_int64 * 4),
    ]


_SIGNATURES = {
    "datacube_version": (ctypes.c_char_p, []),
    "datacube_error_code": (ctypes.c_char_p, []),
    "datacube_error_message": (ctypes.c_char_p, []),
    "datacube_describe": (ctypes.c_int64, [ctypes.c_int64, ctypes.c_char_p, ctypes.c_int64]),
    "datacube_start_opening": (ctypes.c_int64, [ctypes.POINTER(Place)]),
    "datacube_start_reading": (ctypes.c_int64, [ctypes.c_int64, ctypes.POINTER(Window), ctypes.c_int32]),
    "datacube_wait": (ctypes.c_int, [ctypes.c_int64, ctypes.c_double, ctypes.POINTER(ctypes.c_int64)]),
    "datacube_cancel": (ctypes.c_int, [ctypes.c_int64]),
    "datacube_draw_patches": (
        ctypes.c_int,
        [ctypes.c_int64, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int32)],
    ),
    "datacube_close": (ctypes.c_int, [ctypes.c_int64]),
}


def _load() -> ctypes.CDLL:
    """That of DATACUBE_LIBRARY, else that of the wheel, else that of the system."""
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libdatacube.so")
    path = os.environ.get("DATACUBE_LIBRARY") or (inside if os.path.exists(inside) else None)
    path = path or ctypes.util.find_library("datacube")
    if path is None:
        raise ImportError("libdatacube.so is not there; install the wheel, or name it in DATACUBE_LIBRARY")
    try:
        library = ctypes.CDLL(path)
    except OSError as reason:
        packages = "libgdal32 libopenjp2-7 libblosc1 libzstd1 libdeflate0 libcurl4 libexpat1"
        raise ImportError(f"{path} cannot be loaded ({reason}); it needs Debian's {packages} or their like") from reason
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


LIBRARY = _load()


def failure() -> DatacubeError:
    """What the last call that failed in this thread said."""
    return error(LIBRARY.datacube_error_code().decode(), LIBRARY.datacube_error_message().decode())


def checked(result: int) -> int:
    """The result of a call, unless it failed."""
    if result < 0:
        raise failure()
    return result


class Call:
    """Work of the library that has begun; `memory` is what it writes to, kept until it has ended."""

    def __init__(self, number: int, memory: Any = None) -> None:
        self._number, self._memory = checked(number), memory

    def result(self) -> int:
        """Waits for the end; a signal, such as Ctrl-C, ends the work itself first."""
        try:
            while True:
                result, number = ctypes.c_int64(), self._number
                status = LIBRARY.datacube_wait(number, _LOOK, ctypes.byref(result))
                if status != 1:
                    self._number = 0
                    checked(status)
                    return result.value
        finally:
            self.end()

    def end(self) -> None:
        """Ends the work, if it has not ended, and waits until nothing writes to its memory any more."""
        if self._number == 0:
            return
        number, self._number = self._number, 0
        LIBRARY.datacube_cancel(number)
        while LIBRARY.datacube_wait(number, 1.0, None) == 1:
            pass
        self._memory = None
