"""One module for each way to load patches with other people's software.

A reader is made once, from a `Job`; that is outside the clock and opens what a training process would open once:
metadata and, where a setting says so, files. `load(number)` loads a patch and returns an array `(time, band, y, x)` for
each resolution. A reader whose library keeps decoded pixels drops them in `forget()`, called outside the clock: patches
of a whole archive hardly ever meet again, those of a small try would.
"""

import importlib
from dataclasses import dataclass, field
from typing import Protocol

import numpy

from dataset import Dataset
from plan import METRES, Plan


@dataclass
class Job:
    """What a reader reads, and how."""

    layout: str
    dataset: Dataset
    settings: dict = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.dataset.plan

    def place(self, path: str) -> str:
        """Where the reader finds a file or folder of the layout."""
        return self.dataset.place(self.layout, path)

    def buffers(self) -> dict[str, numpy.ndarray]:
        """Memory for a patch, for readers that can fill some that is there already."""
        buffers = {resolution: numpy.empty(self.plan.shape(resolution), "uint16") for resolution in METRES}
        # Touched, so that no load waits for the system to clear it; for `zeros` numpy asks for no large pages.
        for buffer in buffers.values():
            buffer.fill(0)
        return buffers


class Reader(Protocol):
    def load(self, number: int) -> dict[str, numpy.ndarray]: ...


def make(name: str, job: Job) -> Reader:
    return importlib.import_module(f"readers.{name}").Reader(job)
