"""tensorstore, all three arrays in flight at once."""

import os

import tensorstore

from plan import METRES
from readers import Job


def _store(job: Job, name: str) -> dict:
    place = job.place(job.dataset.array(job.layout, name))
    if job.dataset.storage != "s3":
        return {"driver": "file", "path": place}
    bucket, path = place.split("/", 1)
    endpoint = os.environ["DSLAB_TEST_S3_ENDPOINT"]
    return {"driver": "s3", "bucket": bucket, "path": path, "endpoint": endpoint, "aws_region": "default"}


class Reader:
    def __init__(self, job: Job):
        self.plan = job.plan
        context = tensorstore.Context(job.settings.get("context", {}))
        self.arrays = {
            name: tensorstore.open(
                {"driver": "zarr3", "kvstore": _store(job, name)},
                open=True,
                read=True,
                context=context,
            ).result()
            for name in METRES
        }
        buffers = job.buffers() if job.settings.get("into_buffer") else None
        self.buffers = buffers and self.filling(buffers)

    def filling(self, buffers: dict) -> dict:
        """Memory as the library fills it."""
        return {name: (buffer, tensorstore.array(buffer)) for name, buffer in buffers.items()}

    def load(self, number: int):
        windows = {name: self.plan.window(number, name) for name in METRES}
        parts = {name: self.arrays[name][:, :, w.rows, w.columns] for name, w in windows.items()}
        if self.buffers is None:
            reads = {name: part.read() for name, part in parts.items()}
            return {name: read.result() for name, read in reads.items()}
        writes = [self.buffers[name][1].write(part.translate_to[0]) for name, part in parts.items()]
        for write in writes:
            write.result()
        return {name: buffer for name, (buffer, _) in self.buffers.items()}
