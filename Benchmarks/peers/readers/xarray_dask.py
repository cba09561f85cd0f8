"""xarray over dask, as a data set is opened in a notebook, with the scheduler tuned."""

import dask
import xarray

from plan import METRES
from readers import Job
from readers.zarr_python import configure


class Reader:
    def __init__(self, job: Job):
        configure(job.settings)
        self.plan = job.plan
        dask.config.set(scheduler=job.settings["scheduler"], num_workers=job.settings.get("workers"))
        self.arrays = {
            name: xarray.open_zarr(
                job.dataset.group(job.layout, name),
                chunks={},
                mask_and_scale=False,
                decode_times=False,
            )["data"]
            for name in METRES
        }

    def load(self, number: int):
        windows = {name: self.plan.window(number, name) for name in METRES}
        parts = [self.arrays[name].isel(y=w.rows, x=w.columns).data for name, w in windows.items()]
        return dict(zip(METRES, dask.compute(*parts)))
