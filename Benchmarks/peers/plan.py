"""The plan of patches that all contenders load, as `patch-bench run --write_plan` writes it."""

import json
from dataclasses import dataclass

BANDS = {
    "10m": ["B02", "B03", "B04", "B08"],
    "20m": ["B05", "B06", "B07", "B8A", "B11", "B12"],
    "60m": ["B01", "B09", "B10"],
}
METRES = {"10m": 10, "20m": 20, "60m": 60}


@dataclass(frozen=True)
class Window:
    """Pixels of one resolution, counted from the tile's upper left corner."""

    column: int
    row: int
    side: int

    @property
    def columns(self) -> slice:
        return slice(self.column, self.column + self.side)

    @property
    def rows(self) -> slice:
        return slice(self.row, self.row + self.side)


class Plan:
    """Tile, products and the windows of every round; round 0 is the warm-up."""

    def __init__(self, path: str):
        with open(path) as file:
            content = json.load(file)
        self.tile, self.year = content["tile"], content["year"]
        self.products = content["products"]
        self.size = content["patch_size"]
        self._corner = content["upper_left"]
        self._patches = [round["patches"][0] for round in content["rounds"]]

    def __len__(self) -> int:
        return len(self._patches)

    def corner(self, number: int) -> tuple[int, int]:
        """Easting and northing of the upper left corner, metres."""
        patch = self._patches[number]
        return patch["x"], patch["y"]

    def window(self, number: int, resolution: str) -> Window:
        patch, metres = self._patches[number], METRES[resolution]
        column = (patch["x"] - self._corner["x"]) // metres
        row = (self._corner["y"] - patch["y"]) // metres
        return Window(column, row, self.size // metres)

    def shape(self, resolution: str) -> tuple[int, int, int, int]:
        side = self.size // METRES[resolution]
        return (len(self.products), len(BANDS[resolution]), side, side)

    def windows(self, number: int) -> dict[str, Window]:
        return {resolution: self.window(number, resolution) for resolution in METRES}

    @property
    def patch_bytes(self) -> int:
        return sum(2 * n * b * h * w for n, b, h, w in map(self.shape, METRES))
