"""Where the files of each layout lie, below the folder of the data."""

import glob
import json
import os

from plan import BANDS, METRES, Plan

# Layout: folder below the data, and the variable that tells our tools about it.
FOLDERS = {
    "zarr": ("zarr", "ZARR"),
    "shardzarr": ("shardzarr", "SHARDZARR"),
    "zipzarr": ("zipzarr", "ZIPZARR"),
    "cog": ("cogs", "COGS"),
    "safe": ("safe", "SAFE"),
}


class Dataset:
    """Paths of one tile-year in all layouts, and where the same lies on S3."""

    def __init__(self, root: str, plan: Plan, storage: str = "temp"):
        self.root, self.plan, self.storage = os.path.abspath(root), plan, storage
        self._found: dict[str, str] = {}

    def place(self, layout: str, path: str) -> str:
        """The path itself, or on S3 bucket and key with a slash between."""
        if self.storage != "s3":
            return path
        bucket = os.environ[f"DSLAB_S2L1C_S3_{FOLDERS[layout][1]}_BUCKET"]
        return f"{bucket}/{os.path.relpath(path, self.folder(layout))}"

    def folder(self, layout: str) -> str:
        return os.path.join(self.root, FOLDERS[layout][0])

    def array(self, layout: str, resolution: str) -> str:
        """The folder of the Zarr array of a resolution."""
        return os.path.join(self.group(layout, resolution), "data")

    def group(self, layout: str, resolution: str) -> str:
        return os.path.join(self.folder(layout), self.plan.tile, str(self.plan.year), resolution)

    def cog(self, product: str, resolution: str) -> str:
        return self._one(f"{self.folder('cog')}/*/*/*/*/*/{product}/{resolution}.tif")

    def jp2(self, product: str, band: str) -> str:
        return self._one(f"{self.folder('safe')}/**/{product}.SAFE/GRANULE/*/IMG_DATA/*_{band}.jp2")

    def _one(self, pattern: str) -> str:
        if pattern not in self._found:
            found = glob.glob(pattern, recursive=True)
            if len(found) != 1:
                raise FileNotFoundError(f"{pattern} matches {len(found)} files instead of one")
            self._found[pattern] = found[0]
        return self._found[pattern]

    def files(self, layout: str, number: int) -> list[str]:
        """The files on this machine that hold the pixels of a round's patch."""
        if self.storage == "s3":
            return []
        if layout == "cog":
            return [self.cog(product, resolution) for product in self.plan.products for resolution in METRES]
        if layout == "zipzarr":
            return [f"{self.folder(layout)}/{self.plan.tile}/{self.plan.year}.zip"]
        if layout == "safe":
            bands = [band for group in BANDS.values() for band in group]
            return [self.jp2(product, band) for product in self.plan.products for band in bands]
        paths = [path for resolution in METRES for path in self._chunks(layout, resolution, number)]
        return [path for path in paths if os.path.exists(path)]

    def _chunks(self, layout: str, resolution: str, number: int) -> list[str]:
        array, window = self.array(layout, resolution), self.plan.window(number, resolution)
        with open(os.path.join(array, "zarr.json")) as file:
            metadata = json.load(file)
        times, bands, height, width = metadata["chunk_grid"]["configuration"]["chunk_shape"]
        ranges = [
            range(0, metadata["shape"][0], times),
            range(0, metadata["shape"][1], bands),
            range(window.row // height * height, window.row + window.side, height),
            range(window.column // width * width, window.column + window.side, width),
        ]
        return [
            f"{array}/c/{t // times}/{b // bands}/{y // height}/{x // width}"
            for t in ranges[0]
            for b in ranges[1]
            for y in ranges[2]
            for x in ranges[3]
        ]
