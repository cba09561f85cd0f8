"""Tile-years that are open to be read."""

from __future__ import annotations

import ctypes
import json
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DatacubeValueError
from .library import LIBRARY, Call, Window, checked
from .patches import Patch
from .reading import Arrays, Dates, Reading, metres_of, size_of
from .windows import checked_output, window

if TYPE_CHECKING:
    from .opening import Opening

# The coarsest pixel, on whose grid patches lie.
_STEP = 60


class Cube:
    """A tile-year: arrays `(time, band, y, x)` of DN at up to three resolutions, and what is recorded of each date.

    Any number of threads may read at a time. A process that is forked may go on using it: the library opens it anew there.
    Pickled, it is opened anew where it is unpickled. Dates that are added later are seen when it is opened again.
    """

    def __init__(self, opening: Opening, number: int) -> None:
        self._opening, self._number = opening, number
        self._closing = weakref.finalize(self, LIBRARY.datacube_close, number)
        said = json.loads(self._description())
        self.tile: str = said["tile"]
        self.year: int = said["year"]
        self.format: str = said["format"]
        self.store: str = said["store"]
        #: Coordinate reference system, such as `EPSG:32635`.
        self.crs: str = said["crs"]
        #: DN that mean no data, and that the pixel is saturated.
        self.nodata: int = said["nodata"]
        self.saturated: int = said["saturated"]
        described = said["resolutions"]
        of = {name: described[name] for name in sorted(described, key=metres_of)}
        #: Names of bands by resolution, in the order of the band axis.
        self.bands: dict[str, tuple[str, ...]] = {name: tuple(values_of(of[name], "band")) for name in of}
        #: Rows and columns by resolution.
        self.shape: dict[str, tuple[int, int]] = {name: (of[name]["height"], of[name]["width"]) for name in of}
        #: Six numbers of an affine transformation from column and row to metres, by resolution.
        self.transform: dict[str, tuple[float, ...]] = {name: tuple(of[name]["transform"]) for name in of}
        #: DN to add: int32 (time, band), by resolution.
        self.radiometric_add_offset: Arrays = {name: values_of(of[name], "radiometric_add_offset") for name in of}
        first = next(iter(of.values()))
        #: Sensing start of each date's datatake (UTC), ascending: datetime64[ms] (time).
        self.time: np.ndarray = values_of(first, "time").astype("datetime64[ms]")
        #: Names of the products without `.SAFE`: (time).
        self.product_id: list[str] = list(values_of(first, "product_id"))
        #: Per cent of the product: float64 (time).
        self.cloud_cover: np.ndarray = values_of(first, "cloud_cover")
        #: (DN + offset) divided by this is the reflectance: float64 (time).
        self.quantification_value: np.ndarray = values_of(first, "quantification_value")
        #: All variables of a cube with their attributes, by resolution, as the library tells them.
        self.metadata: Mapping[str, Any] = of

    def _description(self) -> bytes:
        size = checked(LIBRARY.datacube_describe(self._number, None, 0))
        text = ctypes.create_string_buffer(size)
        checked(LIBRARY.datacube_describe(self._number, text, size))
        return text.value

    def __repr__(self) -> str:
        return f"<Cube {self.tile}/{self.year} {self.format} in {self.store}: {len(self.time)} dates, {', '.join(self.bands)}>"

    def __reduce__(self):
        return type(self._opening).cube, (self._opening,)

    def __enter__(self) -> Cube:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the cube's threads and connections; closing twice does nothing."""
        self._closing()
        self._number = 0

    # Reading

    def read(
        self,
        x: int,
        y: int,
        size: int,
        *,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
        out: Mapping[str, Any] | None = None,
        reflectance: bool = False,
    ) -> Arrays:
        """A patch of all resolutions: `{"10m": (time, band, y, x), …}`, uint16 DN or float32 reflectance.

        x, y: easting and northing of the upper left corner, metres of the zone of `crs`.
        size: of a side, metres; like the corner's distance from the tile's, a multiple of each resolution's pixels.
        dates: positions on the time axis, a slice, or a mask; all where it is not given.
        bands: names, which come in this order; a resolution without any is left out.
        out: arrays or tensors to read into, by resolution, of any strides; contiguous ones of uint16 are the fastest.
        reflectance: (DN + offset) / quantification value, NaN where there are no data or the pixel is saturated.
        """
        reading = Reading(self, [Patch(x, y, size)], dates, bands, out, reflectance, many=False)
        reading.start().result()
        return reading.arrays

    def read_many(
        self,
        patches: Iterable[tuple[int, int, int]],
        *,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
        out: Mapping[str, Any] | None = None,
        reflectance: bool = False,
    ) -> Arrays:
        """Patches of one size, all at once: `{"10m": (patch, time, band, y, x), …}`; see `read`."""
        reading = Reading(self, [Patch(*patch) for patch in patches], dates, bands, out, reflectance, many=True)
        reading.start().result()
        return reading.arrays

    def shapes(
        self,
        patches: Sequence[tuple[int, int, int]],
        *,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
    ) -> dict[str, tuple[int, ...]]:
        """The shapes `(patch, time, band, y, x)` of what `read_many` reads."""
        positions = self._dates(dates)
        count, size = len(self.time) if positions is None else len(positions), size_of(patches)
        return {
            resolution: (
                len(patches),
                count,
                len(self.bands[resolution]) if chosen is None else len(chosen),
                size // metres_of(resolution),
                size // metres_of(resolution),
            )
            for resolution, chosen in self._selection(bands).items()
        }

    def iterate(
        self,
        patches: Iterable[tuple[int, int, int]],
        *,
        ahead: int = 2,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
        out: Callable[[], Mapping[str, Any]] | None = None,
        reflectance: bool = False,
    ) -> Iterator[Arrays]:
        """Patches one after the other, of which the next `ahead` are being read while one is worked on; see `read`.

        out: makes what a patch is read into; called once for each.
        """
        waiting: deque[tuple[Reading, Call]] = deque()
        rest = iter(patches)
        try:
            while True:
                while len(waiting) <= ahead:
                    patch = next(rest, None)
                    if patch is None:
                        break
                    into = None if out is None else out()
                    reading = Reading(self, [Patch(*patch)], dates, bands, into, reflectance, many=False)
                    waiting.append((reading, reading.start()))
                if not waiting:
                    return
                reading, call = waiting.popleft()
                call.result()
                yield reading.arrays
        finally:
            for _, call in waiting:
                call.end()

    def read_window(
        self,
        resolution: str,
        rows: slice,
        columns: slice,
        *,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
        out: Any = None,
        reflectance: bool = False,
    ) -> np.ndarray:
        """Pixels of one resolution, by rows and columns: `(time, band, y, x)`; see `read`."""
        height, width = self._shape(resolution)
        (top, bottom, down), (left, right, along) = rows.indices(height), columns.indices(width)
        if down != 1 or along != 1:
            raise DatacubeValueError("configuration: windows have all rows and columns between two", "configuration")
        positions = self._dates(dates)
        wanted = None if bands is None else [self._band(resolution, band) for band in bands]
        shape = (
            len(self.time) if positions is None else len(positions),
            len(self.bands[resolution]) if wanted is None else len(wanted),
            max(0, bottom - top),
            max(0, right - left),
        )
        dtype = np.dtype(np.float32 if reflectance else np.uint16)
        array = np.empty(shape, dtype) if out is None else checked_output(out, shape, dtype, resolution)
        if array.size:
            self._start([window(metres_of(resolution), (left, top), array, positions, wanted)], array).result()
        return array

    def draw_patches(self, count: int, size: int, *, seed: int = 0, workers: int = 1) -> list[Patch]:
        """Patches at random places of the tile: those that `patch-bench run --seed` loads after its warm-up.

        With several workers a round of `patch-bench` has four patches for each; `workers` draws as it does there.
        """
        per_round = 1 if workers == 1 else 4 * workers
        rounds = -(-count // per_round)
        corners = (ctypes.c_int32 * (2 * rounds * per_round))()
        checked(LIBRARY.datacube_draw_patches(self._number, size, rounds, per_round, seed, corners))
        _, _, left, _, _, top = next(iter(self.transform.values()))
        return [
            Patch(int(left) + corners[2 * number] * _STEP, int(top) - corners[2 * number + 1] * _STEP, size)
            for number in range(count)
        ]

    def _start(self, windows: list[Window], memory: Any) -> Call:
        list_of = (Window * len(windows))(*windows)
        return Call(LIBRARY.datacube_start_reading(self._number, list_of, len(windows)), memory)

    # What is asked for

    def _shape(self, resolution: str) -> tuple[int, int]:
        if resolution in self.shape:
            return self.shape[resolution]
        names = ", ".join(self.shape)
        raise DatacubeValueError(f"configuration: {resolution} was not opened; there are {names}", "configuration")

    def _band(self, resolution: str, name: str) -> int:
        self._shape(resolution)
        if name in self.bands[resolution]:
            return self.bands[resolution].index(name)
        names = " ".join(self.bands[resolution])
        raise DatacubeValueError(f"configuration: {resolution} has no band {name}; it has {names}", "configuration")

    def _dates(self, dates: Dates) -> list[int] | None:
        if dates is None:
            return None
        if isinstance(dates, slice):
            return list(range(*dates.indices(len(self.time))))
        positions = np.asarray(dates)
        if positions.dtype == bool and positions.shape == self.time.shape:
            return np.flatnonzero(positions).tolist()
        if positions.ndim != 1 or (positions.size and positions.dtype.kind not in "iu"):
            raise DatacubeValueError("configuration: dates are positions, a slice or a mask", "configuration")
        return [int(position) + len(self.time) * (position < 0) for position in positions]

    def _selection(self, bands: Sequence[str] | None) -> dict[str, list[int] | None]:
        """Positions of bands by resolution."""
        if bands is None:
            return dict.fromkeys(self.bands)
        known = {band for names in self.bands.values() for band in names}
        for band in bands:
            if band not in known:
                raise DatacubeValueError(
                    f"configuration: there is no band {band} at {', '.join(self.bands)}", "configuration"
                )
        selection = {}
        for resolution, names in self.bands.items():
            positions: list[int] | None = [names.index(band) for band in bands if band in names]
            if positions:
                selection[resolution] = positions
        return selection


def values_of(described: Mapping[str, Any], name: str) -> np.ndarray:
    """The values of a variable, of its own type."""
    variable = described["variables"][name]
    kind = object if variable["type"] == "string" else variable["type"]
    return np.array(variable["values"], dtype=kind)
