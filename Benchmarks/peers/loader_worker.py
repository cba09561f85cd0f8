"""Patches a second through PyTorch's DataLoader, with one reader.

    loader_worker.py READER LAYOUT DATA PLAN SETTINGS --workers N --start fork|spawn --patches N [--step SECONDS]

The parent reads a patch before it makes workers, as notebooks do. The clock runs from the first batch to the last; a line of
JSON tells patches a second, the share of the time that a consumer waited which works `--step` seconds on each batch, and a
checksum of all pixels that came.
"""

import argparse
import json
import sys
import time
import zlib

import numpy
import torch
from datacube_lab.torch import batch_memory
from torch.utils.data import DataLoader, Dataset, get_worker_info

from dataset import Dataset as Files
from plan import METRES, Plan
from readers import Job, make


class Patches(Dataset):
    """The patches of a plan, again and again; the reader is made where it is used first."""

    def __init__(self, options: argparse.Namespace):
        self.options, self.count, self.rounds = options, options.patches, len(Plan(options.plan)) - 1
        self.reader, self.job = None, None

    def open(self) -> None:
        options = self.options
        self.job = Job(options.layout, Files(options.data, Plan(options.plan)), json.loads(options.settings))
        self.reader = make(options.reader, self.job)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "reader": None, "job": None}

    def load_shared(self, number: int) -> dict[str, torch.Tensor]:
        """Into memory that the parent takes over without a copy, new for each patch."""
        memory = batch_memory if self.job.settings.get("memory") == "lent" else shared
        tensors = {name: memory(self.job.plan.shape(name), torch.int16) for name in METRES}
        arrays = {name: tensor.numpy().view(numpy.uint16) for name, tensor in tensors.items()}
        self.reader.buffers = self.reader.filling(arrays) if hasattr(self.reader, "filling") else arrays
        self.reader.load(number)
        return tensors

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> dict[str, torch.Tensor]:
        if self.reader is None:
            self.open()
        # In an archive patches hardly share decoded pixels; in a small tile they would.
        if hasattr(self.reader, "forget"):
            self.reader.forget()
        if "memory" in self.job.settings or getattr(self.reader, "buffers", None) is not None:
            return self.load_shared(1 + number % self.rounds)
        arrays = self.reader.load(1 + number % self.rounds)
        # Without a copy, as torch of this age has no uint16.
        return {name: torch.from_numpy(numpy.ascontiguousarray(array).view(numpy.int16)) for name, array in arrays.items()}


def main() -> None:
    options = parse()
    patches = Patches(options)
    if options.start == "fork":
        patches[0]
    loader = DataLoader(
        patches,
        batch_size=1,
        collate_fn=only,
        num_workers=options.workers,
        multiprocessing_context=options.start,
    )
    print(json.dumps(measure(loader, options)), flush=True)


def shared(shape: tuple[int, ...], kind: torch.dtype) -> torch.Tensor:
    """Shared memory as torch's own collate function makes it."""
    empty = torch.empty(0, dtype=kind)
    if get_worker_info() is None:
        return torch.empty(shape, dtype=kind)
    storage = empty._typed_storage() if hasattr(empty, "_typed_storage") else empty.storage()
    return empty.set_(storage._new_shared(int(numpy.prod(shape)))).view(shape)


def only(samples: list) -> dict:
    return samples[0]


def measure(loader: DataLoader, options: argparse.Namespace) -> dict:
    checksums, waited, batches = 0, 0.0, iter(loader)
    # Workers start, and read ahead, before the clock does.
    next(batches)
    start = time.perf_counter()
    while True:
        before = time.perf_counter()
        batch = next(batches, None)
        waited += time.perf_counter() - before
        if batch is None:
            break
        if options.step:
            time.sleep(options.step)
        elif options.check:
            checksums ^= zlib.crc32(b"".join(batch[name].numpy().tobytes() for name in sorted(batch)))
    seconds = time.perf_counter() - start
    return {"rate": (options.patches - 1) / seconds, "waited": waited / seconds, "checksum": checksums}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("reader", "layout", "data", "plan", "settings"):
        parser.add_argument(name)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--start", choices=["fork", "spawn"], required=True)
    parser.add_argument("--patches", type=int, default=80)
    parser.add_argument("--step", type=float, default=0)
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
