"""rasterio with a pool of threads, on GeoTIFFs or on JPEG 2000: each thread fills its part of the arrays."""

import threading
from concurrent.futures import ThreadPoolExecutor

import rasterio
from rasterio.windows import Window

from plan import BANDS, METRES
from readers import Job, gdal_cache
from readers.gdal_cache import gdal_path


class Reader:
    def __init__(self, job: Job):
        self.job = job
        self.buffers = job.buffers()
        self.pool = ThreadPoolExecutor(job.settings["threads"])
        self.options = job.settings.get("open", {})
        self.keep = job.settings.get("keep_open", False)
        self.opened = threading.local()
        self.pieces = [piece for name in METRES for piece in self._pieces(name)]

    def _pieces(self, name: str):
        """Path, destination and its resolution: a file holds all bands of a GeoTIFF, but one of JPEG 2000."""
        for date, product in enumerate(self.job.plan.products):
            if self.job.layout == "cog":
                yield gdal_path(self.job, self.job.dataset.cog(product, name)), self.buffers[name][date], name
            else:
                for index, band in enumerate(BANDS[name]):
                    path = gdal_path(self.job, self.job.dataset.jp2(product, band))
                    yield path, self.buffers[name][date, index : index + 1], name

    def filling(self, buffers: dict) -> dict:
        """Has other memory filled from now on."""
        self.buffers = buffers
        self.pieces = [piece for name in METRES for piece in self._pieces(name)]
        return buffers

    def forget(self) -> None:
        gdal_cache.forget()

    def load(self, number: int):
        windows = self.job.plan.windows(number)
        list(self.pool.map(lambda piece: self._load(*piece, windows), self.pieces))
        return self.buffers

    def _load(self, path, destination, name, windows) -> None:
        window = windows[name]
        window = Window(window.column, window.row, window.side, window.side)
        if self.keep:
            self._kept(path).read(window=window, out=destination)
        else:
            with rasterio.open(path, **self.options) as file:
                file.read(window=window, out=destination)

    def _kept(self, path: str):
        """A thread's own handle of a file, since GDAL's must not be shared."""
        files = self.opened.__dict__
        if path not in files:
            files[path] = rasterio.open(path, **self.options)
        return files[path]
