"""What one call of the library reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DatacubeValueError
from .library import Call, Window
from .patches import Patch
from .windows import checked_output, window

if TYPE_CHECKING:
    from .cube import Cube

Arrays = dict[str, np.ndarray]
Dates = Sequence[int] | slice | np.ndarray | None


def size_of(patches: Sequence[tuple[int, int, int]]) -> int:
    """The one size that patches of a call have, metres; 0 where there is none."""
    sizes = {size for _, _, size in patches}
    if len(sizes) > 1:
        raise DatacubeValueError("configuration: patches of a call have one size", "configuration")
    return next(iter(sizes), 0)


def metres_of(resolution: str) -> int:
    """`10m` is 10."""
    return int(resolution.removesuffix("m"))


class Reading:
    """Patches of all resolutions, and the arrays that they go into."""

    def __init__(
        self,
        cube: Cube,
        patches: list[Patch],
        dates: Dates,
        bands: Sequence[str] | None,
        out: Mapping[str, Any] | None,
        reflectance: bool,
        *,
        many: bool,
    ) -> None:
        self._cube, self._windows, self.arrays = cube, [], {}
        positions, shapes = cube._dates(dates), cube.shapes(patches, dates=dates, bands=bands)
        dtype = np.dtype(np.float32 if reflectance else np.uint16)
        for resolution, chosen in cube._selection(bands).items():
            # Before memory is asked for, which nobody may have for a size that was not meant.
            corners = [self._corner(patch, resolution) for patch in patches]
            array = self._array(out, resolution, shapes[resolution][0 if many else 1 :], dtype)
            self.arrays[resolution] = array
            for number, corner in enumerate(corners):
                part = array[number] if many else array
                if part.size:
                    self._windows.append(window(metres_of(resolution), corner, part, positions, chosen))

    def _array(self, out: Mapping[str, Any] | None, resolution: str, shape: tuple, dtype: np.dtype) -> np.ndarray:
        if out is None:
            return np.empty(shape, dtype)
        if resolution not in out:
            raise DatacubeValueError(f"configuration: there is no array for {resolution}", "configuration")
        return checked_output(out[resolution], shape, dtype, resolution)

    def _corner(self, patch: Patch, resolution: str) -> tuple[int, int]:
        step, _, left, _, _, top = self._cube.transform[resolution]
        (column, beside), (row, below) = divmod(patch.x - left, step), divmod(top - patch.y, step)
        if beside or below or patch.size % step or patch.size <= 0:
            raise DatacubeValueError(
                f"configuration: the patch at {patch.x}, {patch.y} of {patch.size} m does not lie on pixels of {resolution}",
                "configuration",
            )
        (height, width), side = self._cube.shape[resolution], patch.size // step
        if column < 0 or row < 0 or column + side > width or row + side > height:
            raise DatacubeValueError(
                f"configuration: the patch at {patch.x}, {patch.y} of {patch.size} m is no window of the "
                f"{width} x {height} pixels of {resolution}",
                "configuration",
            )
        return int(column), int(row)

    def start(self) -> Call:
        return self._cube._start(self._windows, self.arrays)
