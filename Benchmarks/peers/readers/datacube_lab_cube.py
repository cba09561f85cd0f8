"""This project's own package: the engine of patch-bench, called from Python."""

import os

import datacube_lab

from dataset import FOLDERS
from readers import Job


def _store(job: Job) -> str:
    folder, variable = FOLDERS[job.layout]
    if job.dataset.storage == "s3":
        return "s3://" + os.environ[f"DSLAB_S2L1C_S3_{variable}_BUCKET"]
    return job.dataset.folder(job.layout)


class Reader:
    def __init__(self, job: Job):
        plan = self.plan = job.plan
        threads = job.settings.get("threads")
        self.cube = datacube_lab.open(_store(job), plan.tile, plan.year, format=job.layout, threads=threads)
        dates = [self.cube.product_id.index(product) for product in plan.products]
        self.dates = None if dates == list(range(len(self.cube.time))) else dates
        self.buffers = job.buffers() if job.settings.get("into_buffer") else None

    def load(self, number: int):
        return self.cube.read(*self.plan.corner(number), self.plan.size, dates=self.dates, out=self.buffers)
