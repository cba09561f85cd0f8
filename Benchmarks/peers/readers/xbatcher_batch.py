"""xbatcher over xarray without dask: a batch is what a window holds."""

import xarray
from xbatcher import BatchGenerator

from plan import METRES
from readers import Job
from readers.zarr_python import configure


class Reader:
    def __init__(self, job: Job):
        configure(job.settings)
        self.plan = job.plan
        options = {"chunks": None, "mask_and_scale": False, "decode_times": False}
        self.cubes = {name: xarray.open_zarr(job.dataset.group(job.layout, name), **options)[["data"]] for name in METRES}

    def load(self, number: int):
        return {name: self._load(name, number) for name in METRES}

    def _load(self, name: str, number: int):
        window = self.plan.window(number, name)
        # Its own windows lie on a grid; patches lie anywhere, so the grid is laid at the patch.
        part = self.cubes[name].isel(y=window.rows, x=window.columns)
        # All dimensions are named, for it makes one of the others.
        return BatchGenerator(part, input_dims=dict(part.sizes))[0]["data"].values
