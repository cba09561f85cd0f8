"""rioxarray over dask, as the reference benchmark reads COG and SAFE."""

import dask
import dask.array
import rioxarray

from plan import BANDS, METRES
from readers import Job, gdal_cache
from readers.gdal_cache import gdal_path


class Reader:
    def __init__(self, job: Job):
        self.job = job
        dask.config.set(scheduler=job.settings["scheduler"], num_workers=job.settings.get("workers"))
        self.kept = self._open() if job.settings.get("keep_open") else None

    def forget(self) -> None:
        gdal_cache.forget()

    def load(self, number: int):
        arrays = self.kept or self._open()
        windows = self.job.plan.windows(number)
        parts = [
            dask.array.stack(
                [
                    dask.array.concatenate([image.isel(y=w.rows, x=w.columns).data for image in images])
                    for images in arrays[name]
                ]
            )
            for name, w in windows.items()
        ]
        return dict(zip(METRES, dask.compute(*parts)))

    def _open(self):
        return {name: [self._images(product, name) for product in self.job.plan.products] for name in METRES}

    def _images(self, product: str, name: str):
        dataset = self.job.dataset
        if self.job.layout == "cog":
            paths = [dataset.cog(product, name)]
        else:
            paths = [dataset.jp2(product, band) for band in BANDS[name]]
        chunks = self.job.settings["chunks"]
        return [rioxarray.open_rasterio(gdal_path(self.job, path), chunks=chunks, lock=False, cache=False) for path in paths]
