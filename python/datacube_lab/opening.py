"""Which tile-year to open."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass

from .cube import Cube
from .library import LIBRARY, Call, Place


def open(
    store: str | os.PathLike[str] | tuple[str, str],
    tile: str,
    year: int,
    *,
    format: str | None = None,
    resolutions: Sequence[str] | None = None,
    threads: int | None = None,
    profile: str | None = None,
) -> Cube:
    """Opens a tile-year, which reads metadata only.

    store: a folder or `s3://bucket/prefix` with all tiles of a format; or a pair of storage and format, such as
        `("network", "shardzarr")`, whose place the `DSLAB_` variables name.
    tile, year: `"35VLH"`, 2024.
    format: `safe`, `cog`, `zarr`, `shardzarr` or `zipzarr`; found out where it is not given.
    resolutions: such as `["10m", "20m"]`; all where it is not given.
    threads: that decode; as many as the process has processors where it is not given.
    profile: of the AWS tools, for S3; that of `DSLAB_S2L1C_S3_PROFILE` where it is not given.

    Raises DatacubeError, with the words of the tools, where there is nothing or nothing that can be read.
    """
    if isinstance(store, tuple):
        storage, named = store
        place = Opening(None, storage, format or named, tile, int(year), _joined(resolutions), threads or 0, profile)
    else:
        place = Opening(os.fspath(store), None, format, tile, int(year), _joined(resolutions), threads or 0, profile)
    return place.cube()


def _joined(resolutions: Sequence[str] | None) -> str | None:
    return None if resolutions is None else ",".join(resolutions)


@dataclass(frozen=True)
class Opening:
    """What a cube was opened with, and can be opened with again in another process."""

    store: str | None
    storage: str | None
    format: str | None
    tile: str
    year: int
    resolutions: str | None
    threads: int
    profile: str | None

    def cube(self) -> Cube:
        def text(value: str | None) -> bytes | None:
            return None if value is None else os.fsencode(value)

        place = Place(
            store=text(self.store),
            storage=text(self.storage),
            profile=text(self.profile),
            format=text(self.format),
            tile=text(self.tile),
            year=self.year,
            resolutions=text(self.resolutions),
            threads=self.threads,
        )
        return Cube(self, Call(LIBRARY.datacube_start_opening(ctypes.byref(place))).result())
