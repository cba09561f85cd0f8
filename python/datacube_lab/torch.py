"""Random patch time series for PyTorch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset, IterableDataset, get_worker_info

from .cube import Cube
from .lending import lent_tensor
from .patches import Patch, read_plan
from .reading import Dates

Sample = dict[str, Any]


class _Patches:
    """Cubes, the patches of each, and how they become samples."""

    def __init__(
        self,
        cubes: Cube | Sequence[Cube],
        *,
        size: int = 5100,
        count: int = 1000,
        seed: int = 0,
        plan: str | os.PathLike[str] | None = None,
        dates: Dates = None,
        bands: Sequence[str] | None = None,
        reflectance: bool = True,
    ) -> None:
        self.cubes = [cubes] if isinstance(cubes, Cube) else list(cubes)
        if plan is not None and len(self.cubes) != 1:
            raise ValueError("a plan is of one cube")
        self._draw = (plan, size, count, seed)
        self._options: dict[str, Any] = {"dates": dates, "bands": bands, "reflectance": reflectance}
        self.draw(0)

    def draw(self, epoch: int) -> None:
        """The patches of an epoch: those of a plan, or others for each epoch, of one cube after the other."""
        plan, size, count, seed = self._draw
        if plan is not None:
            self.patches = [(0, patch) for patch in read_plan(plan)]
            return
        count, cubes = -(-count // len(self.cubes)), enumerate(self.cubes)
        drawn = [
            [(number, patch) for patch in cube.draw_patches(count, size, seed=seed + epoch)] for number, cube in cubes
        ]
        self.patches = [patch for round in zip(*drawn) for patch in round][: self._draw[2]]

    def read(self, positions: Sequence[int]) -> list[Sample]:
        """Samples, those of one cube by one call."""
        samples: dict[int, Sample] = {}
        chosen = [(position, *self.patches[position]) for position in positions]
        for cube in {number for _, number, _ in chosen}:
            own = [(position, patch) for position, number, patch in chosen if number == cube]
            tensors = self._tensors(self.cubes[cube], [patch for _, patch in own])
            for index, (position, patch) in enumerate(own):
                parts = {resolution: tensor[index] for resolution, tensor in tensors.items()}
                samples[position] = _sample(parts, cube, patch)
        return [samples[position] for position in positions]

    def _tensors(self, cube: Cube, patches: list[Patch]) -> dict[str, torch.Tensor]:
        """Patches of one cube by one call."""
        shapes = self._shapes(cube, patches)
        out = None if shapes is None else {name: batch_memory(*shape) for name, shape in shapes.items()}
        arrays = cube.read_many(patches, out=out, **self._options)
        return {name: _tensor(array) for name, array in arrays.items()} if out is None else out

    def _shapes(self, cube: Cube, patches: list[Patch]) -> dict[str, tuple[tuple[int, ...], torch.dtype]] | None:
        """Shapes and types of what is read of patches; None where torch has no such type."""
        kind = torch.float32 if self._options["reflectance"] else getattr(torch, "uint16", None)
        if kind is None:
            return None
        shapes = cube.shapes(patches, dates=self._options["dates"], bands=self._options["bands"])
        return {name: (shape, kind) for name, shape in shapes.items()}

    def iterate(self, positions: Sequence[int], ahead: int) -> Iterator[Sample]:
        """Samples in turn, the next ones being read meanwhile."""
        chosen = [self.patches[position] for position in positions]
        if len(self.cubes) > 1 or not chosen:
            for position in positions:
                yield self.read([position])[0]
            return
        cube = self.cubes[0]
        shapes = self._shapes(cube, [chosen[0][1]])

        def memory() -> dict[str, torch.Tensor]:
            return {name: batch_memory(shape[1:], kind) for name, (shape, kind) in shapes.items()}

        out = None if shapes is None else memory
        arrays = cube.iterate([patch for _, patch in chosen], ahead=ahead, out=out, **self._options)
        for (number, patch), read in zip(chosen, arrays):
            yield _sample({name: _tensor(array) for name, array in read.items()}, number, patch)


def _sample(tensors: dict[str, torch.Tensor], number: int, patch: Patch) -> Sample:
    return {**tensors, "cube": number, "x": patch.x, "y": patch.y}


def batch_memory(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """A tensor of any content for a batch: in a DataLoader's worker, of memory that goes to the parent and comes back.

    For datasets of one's own, which read into it (`Cube.read(…, out=…)`). The parent takes it over without a copy; dropped
    there, it is used again, so that no batch waits for the kernel to clear memory. What is kept costs nothing but memory of
    its own: a loop that keeps its batches makes the workers take more.
    """
    lent = None if get_worker_info() is None or 0 in shape else lent_tensor(shape, dtype)
    return torch.empty(shape, dtype=dtype) if lent is None else lent


def _tensor(array: np.ndarray) -> torch.Tensor:
    # Before 2.3 torch has no uint16; DN fit its int32, at the cost of a copy.
    if array.dtype == np.uint16 and not hasattr(torch, "uint16"):
        array = array.astype(np.int32)
    return torch.from_numpy(array)


class PatchSeriesDataset(Dataset):
    """Patch time series by number, for a DataLoader of any number of workers, forked or spawned.

    Each sample is `{"10m": (time, band, y, x), "20m": …, "60m": …, "cube": number, "x": easting, "y": northing}`, tensors of
    float32 reflectance (NaN where there are no data) or, with `reflectance=False`, of DN.

    cubes: one of `datacube_lab.open`, or several, whose patches come in turn.
    size, count, seed: side in metres, how many, and what they are drawn with: those that `patch-bench run --seed` loads.
    plan: a file of `patch-bench run --write_plan`, instead of drawing.
    dates, bands: as for `Cube.read`.

    A batch is read by one call. `set_epoch` draws others; the same seed and epoch give the same patches.
    """

    def __init__(self, cubes: Cube | Sequence[Cube], **options: Any) -> None:
        self._patches = _Patches(cubes, **options)

    def set_epoch(self, epoch: int) -> None:
        """Draws the patches of an epoch; call it before the DataLoader starts its workers."""
        self._patches.draw(epoch)

    @property
    def patches(self) -> list[Patch]:
        """The patches, in the order of their numbers."""
        return [patch for _, patch in self._patches.patches]

    def __len__(self) -> int:
        return len(self._patches.patches)

    def __getitem__(self, position: int) -> Sample:
        return self._patches.read([range(len(self))[position]])[0]

    def __getitems__(self, positions: list[int]) -> list[Sample]:
        return self._patches.read(positions)


class PatchSeriesStream(IterableDataset):
    """The same patches in turn, the next `ahead` of which are being read while one is worked on.

    With several workers of a DataLoader each takes every so manieth patch. A stream that was cut off goes on where it was:
    `start` is how many patches of the epoch were taken before.
    """

    def __init__(self, cubes: Cube | Sequence[Cube], *, start: int = 0, ahead: int = 2, **options: Any) -> None:
        self._patches = _Patches(cubes, **options)
        self.start, self.ahead = start, ahead

    def set_epoch(self, epoch: int, start: int = 0) -> None:
        """Draws the patches of an epoch, from the one on that follows `start` others."""
        self._patches.draw(epoch)
        self.start = start

    def __len__(self) -> int:
        return max(0, len(self._patches.patches) - self.start)

    def __iter__(self) -> Iterator[Sample]:
        worker = get_worker_info()
        first, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        positions = range(self.start + first, len(self._patches.patches), step)
        return self._patches.iterate(positions, self.ahead)


def collate_series(samples: Sequence[Sample]) -> dict[str, Any]:
    """A batch of samples, whose series may have unequal numbers of dates.

    Tensors become `(patch, time, band, y, x)`, filled up at the end of the shorter series with NaN, or 0 where they are DN;
    `dates` is how many dates each patch has: int64 (patch).
    """
    batch: dict[str, Any] = {}
    for key, first in samples[0].items():
        if isinstance(first, torch.Tensor):
            batch[key] = _padded([sample[key] for sample in samples])
    series = [next(value for value in sample.values() if isinstance(value, torch.Tensor)) for sample in samples]
    rows = {key: [sample[key] for sample in samples] for key, first in samples[0].items() if key not in batch}
    return batch | _numbers(rows | {"dates": [len(tensor) for tensor in series]})


def _numbers(rows: dict[str, list]) -> dict[str, torch.Tensor]:
    """A tensor of each row, all of them in one memory: a DataLoader takes half a millisecond over each that has its own."""
    whole = {key: row for key, row in rows.items() if all(type(value) is int for value in row)}
    memory = batch_memory((len(whole), len(rows["dates"])), torch.int64)
    memory.copy_(torch.tensor(list(whole.values())))
    others = {key: torch.tensor(row) for key, row in rows.items() if key not in whole}
    return dict(zip(whole, memory)) | others


def _is_part(whole: torch.Tensor) -> Callable[[int, torch.Tensor], bool]:
    return lambda number, tensor: tensor.shape == whole.shape[1:] and tensor.data_ptr() == whole[number].data_ptr()


def _padded(tensors: Sequence[torch.Tensor]) -> torch.Tensor:
    whole = tensors[0]._base
    # Views of the memory that one call read a batch into, in its order: that memory is the batch.
    if whole is not None and len(whole) == len(tensors) and all(map(_is_part(whole), range(len(tensors)), tensors)):
        return whole
    longest = max(len(tensor) for tensor in tensors)
    if all(len(tensor) == longest for tensor in tensors):
        return torch.stack(list(tensors))
    fill = float("nan") if tensors[0].is_floating_point() else 0
    batch = tensors[0].new_full((len(tensors), longest, *tensors[0].shape[1:]), fill)
    for number, tensor in enumerate(tensors):
        batch[number, : len(tensor)] = tensor
    return batch
