"""Which patches to read."""

from __future__ import annotations

import json
import os
from typing import NamedTuple


class Patch(NamedTuple):
    """A square on the ground: easting and northing of its upper left corner and the length of a side, metres."""

    x: int
    y: int
    size: int


def read_plan(path: str | os.PathLike[str]) -> list[Patch]:
    """The patches of a plan that `patch-bench run --write_plan` wrote, round by round and without the warm-up."""
    with open(path, encoding="utf-8") as file:
        plan = json.load(file)
    size = int(plan["patch_size"])
    corners = [corner for round in plan["rounds"][1:] for corner in round["patches"]]
    return [Patch(int(corner["x"]), int(corner["y"]), size) for corner in corners]
