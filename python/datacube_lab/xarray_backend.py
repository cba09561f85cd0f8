"""`xarray.open_dataset(…, engine="datacube")`: what `xarray.open_zarr` opens, read by this engine, of any format."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

from .cube import Cube, values_of
from .opening import open as open_cube

# …/35VLH/2024/10m, or …/35VLH/2024.zip/10m: what `open_zarr` takes as a path or as a path and a group.
_PLACE = re.compile(r"^(?P<store>.*?)/?(?P<tile>\d{1,2}[A-Z]{3})/(?P<year>\d{4})(?:\.zip)?(?:/(?P<resolution>\d+m))?/?$")


class DatacubeBackend(BackendEntrypoint):
    """One resolution of a tile-year as a dataset, its pixels read where they are asked for."""

    description = "Sentinel-2 tile-years as SAFE, COG, Zarr, sharded or zipped Zarr"
    open_dataset_parameters = (
        "filename_or_obj",
        "drop_variables",
        "group",
        "format",
        "threads",
        "profile",
        "tile",
        "year",
        "resolution",
    )

    def open_dataset(
        self,
        filename_or_obj: Any,
        *,
        drop_variables: str | Iterable[str] | None = None,
        group: str | None = None,
        format: str | None = None,
        threads: int | None = None,
        profile: str | None = None,
        tile: str | None = None,
        year: int | None = None,
        resolution: str | None = None,
    ) -> xr.Dataset:
        """Opens `store/tile/year/resolution`, or a store with the rest in `group` or by name."""
        path = os.fspath(filename_or_obj)
        found = _PLACE.match(f"{path.rstrip('/')}/{group}" if group else path)
        parts = found.groupdict() if found else {"store": path}
        tile, year = tile or parts.get("tile"), year or parts.get("year")
        resolution = resolution or parts.get("resolution")
        if not (tile and year and resolution):
            raise ValueError(f"{path} does not end like 35VLH/2024/10m; say which tile, year and resolution to open")
        store = parts["store"] if found else path
        cube = open_cube(
            store or "/", tile, int(year), format=format, resolutions=[resolution], threads=threads, profile=profile
        )
        return _decoded(cube, resolution, drop_variables)

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        """Never: others open such paths too, and whoever wants this engine says so."""
        return False


def _decoded(cube: Cube, resolution: str, drop_variables: str | Iterable[str] | None) -> xr.Dataset:
    described = cube.metadata[resolution]
    variables = {name: _variable(cube, resolution, name) for name in described["variables"]}
    # The backend array indexes lazily; decoding leaves DN as they are.
    lazy = indexing.LazilyIndexedArray(_Pixels(cube, resolution))
    variables["data"] = xr.Variable(("time", "band", "y", "x"), lazy, dict(described["data"]))
    variables["data"].encoding["preferred_chunks"] = {}
    raw = xr.Dataset(variables, attrs=described["attributes"])
    dataset = xr.decode_cf(raw, drop_variables=drop_variables)
    dataset.set_close(cube.close)
    return dataset


def _variable(cube: Cube, resolution: str, name: str) -> xr.Variable:
    described = cube.metadata[resolution]["variables"][name]
    if described["type"] == "string":
        values = values_of(cube.metadata[resolution], name).astype(_text())
    elif name in ("x", "y"):
        values = _centres(cube, resolution, name)
    else:
        values = values_of(cube.metadata[resolution], name)
    return xr.Variable(described["dimensions"], values, dict(described["attributes"]))


def _text() -> Any:
    # What zarr-python makes of variable-length text, where numpy has it.
    return np.dtypes.StringDType() if hasattr(np.dtypes, "StringDType") else object


def _centres(cube: Cube, resolution: str, axis: str) -> np.ndarray:
    (height, width), transform = cube.shape[resolution], cube.transform[resolution]
    if axis == "x":
        return transform[2] + (np.arange(width) + 0.5) * transform[0]
    return transform[5] + (np.arange(height) + 0.5) * transform[4]


class _Pixels(BackendArray):
    """The array `(time, band, y, x)` of DN."""

    def __init__(self, cube: Cube, resolution: str) -> None:
        self._cube, self._resolution = cube, resolution
        self.shape = (len(cube.time), len(cube.bands[resolution]), *cube.shape[resolution])
        self.dtype = np.dtype(np.uint16)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> np.ndarray:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> np.ndarray:
        """Reads the window that holds all rows and columns that are asked for, of these dates and bands alone."""
        dates, bands = (np.atleast_1d(_positions(part, size)) for part, size in zip(key[:2], self.shape[:2]))
        rows, columns = (np.atleast_1d(_positions(part, size)) for part, size in zip(key[2:], self.shape[2:]))
        if min(map(len, (dates, bands, rows, columns))) == 0:
            pixels = np.empty((len(dates), len(bands), len(rows), len(columns)), self.dtype)
        else:
            names = self._cube.bands[self._resolution]
            pixels = self._cube.read_window(
                self._resolution,
                slice(int(rows.min()), int(rows.max()) + 1),
                slice(int(columns.min()), int(columns.max()) + 1),
                dates=dates,
                bands=[names[band] for band in bands],
            )
            pixels = _thinned(pixels, rows - rows.min(), columns - columns.min())
        # Axes that one number picks from are no axes of the result.
        return pixels[tuple(0 if isinstance(part, (int, np.integer)) else slice(None) for part in key)]


def _positions(part: Any, size: int) -> Any:
    return np.arange(size)[part]


def _thinned(pixels: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    if len(rows) != pixels.shape[2] or (np.diff(rows) != 1).any():
        pixels = pixels[:, :, rows]
    if len(columns) != pixels.shape[3] or (np.diff(columns) != 1).any():
        pixels = pixels[:, :, :, columns]
    return pixels
