"""zarr-python, with its own codec pipelines or that of zarrs."""

from concurrent.futures import ThreadPoolExecutor

import zarr
from zarr.core.buffer.cpu import NDBuffer

from plan import METRES
from readers import Job, s3_stores

_PIPELINES = {
    "batched": "zarr.core.codec_pipeline.BatchedCodecPipeline",
    "fused": "zarr.core.codec_pipeline.FusedCodecPipeline",
    "zarrs": "zarrs.ZarrsCodecPipeline",
}


def configure(settings: dict) -> None:
    """Sets zarr's configuration before an array is opened."""
    zarr.config.set({"codec_pipeline.path": _PIPELINES[settings.get("pipeline", "batched")]})
    zarr.config.set(settings.get("zarr", {}))


def _store(job: Job, name: str):
    place = job.place(job.dataset.array(job.layout, name))
    if job.dataset.storage != "s3":
        return place
    bucket, path = place.split("/", 1)
    return getattr(s3_stores, job.settings["store"])(bucket, path)


class Reader:
    def __init__(self, job: Job):
        configure(job.settings)
        # Otherwise the pipeline of zarrs would quietly fall back to the slower one.
        zarr.config.set({"codec_pipeline.strict": True})
        self.plan = job.plan
        self.arrays = {name: zarr.open_array(_store(job, name), mode="r") for name in METRES}
        self.buffers = job.buffers()
        # The three resolutions at once keep the processors busy at the end of each.
        self.pool = ThreadPoolExecutor(job.settings.get("groups_at_once", 3))

    def load(self, number: int):
        list(self.pool.map(lambda name: self._load(name, number), METRES))
        return self.buffers

    def _load(self, name: str, number: int) -> None:
        window = self.plan.window(number, name)
        selection = (slice(None), slice(None), window.rows, window.columns)
        self.arrays[name].get_basic_selection(selection, out=NDBuffer.from_numpy_array(self.buffers[name]))
