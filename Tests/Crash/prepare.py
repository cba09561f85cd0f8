"""What comes before tries: the archive, servers, and each job once undisturbed."""

import os
import tempfile
from pathlib import Path

import archive_builder
import shim
import trees
from gateway import Bucket, Catalogue, Gateway
from jobs import LOOKS
from site_of_tries import Setup, Site

ALL_KINDS = shim.Plan()


class Prepared:
    """A setup with everything that has to be ended and removed again."""

    def __init__(self, bin, jobs, with_servers=False):
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.base = Path(tempfile.mkdtemp(prefix="dslab-crash-", dir=os.environ.get("DSLAB_CRASH_FOLDER", memory)))
        self.gateway = self.catalogue = None
        try:
            self.setup = Setup(self.base, Path(bin).resolve(), shim.build(self.base))
            self.setup.truth = archive_builder.build(self.setup.bin, self.setup.archive)
            if with_servers or any(job.needs_gateway for job in jobs):
                self.start_servers()
            self.archived = trees.tree(self.setup.archive)
            site = Site(self.setup, "undisturbed")
            for job in jobs:
                self.undisturbed(site, job)
        except BaseException:
            self.end()
            raise

    def start_servers(self):
        self.gateway = self.setup.gateway = Gateway()
        for format in LOOKS:
            Bucket(self.gateway, f"crash-source/{format}").hold(self.setup.archive / format / "all")
        Bucket(self.gateway, "crash-eodata").hold(self.setup.archive / "fresh")
        self.catalogue = Catalogue(self.setup.archive / "fresh", "crash-eodata", self.base / "port")
        self.setup.catalogue = self.catalogue.url

    def undisturbed(self, site, job):
        """Learns how a job begins, ends and proceeds; both states must be true."""
        site.prepare(job)
        site.look_up(job)
        begin = site.problems(job)
        assert not begin, f"{job.name} begins with what is not true: {begin}"
        # Once for the time, once for the calls.
        ending = site.run(job)
        assert ending.status == 0, f"{job.name} undisturbed: {ending.output}"
        site.look_up(job)
        found = site.trees(job)
        end = site.problems(job)
        assert not end, f"{job.name} ends with what is not true: {end}"
        left = [name for tree in found.values() for name in tree if ".partial" in name or ".lock" in name]
        assert not left, f"{job.name} leaves {left}"
        self.setup.final[job.name], self.setup.seconds[job.name] = found, ending.seconds
        site.prepare(job)
        ending = site.run(job, ALL_KINDS)
        assert ending.status == 0, f"{job.name} under the shim: {ending.output}"
        site.look_up(job)
        different = site.differences(job)
        assert not different, f"{job.name} ends differently under the shim: {different}"
        self.setup.counts[job.name] = site.counts().kinds

    def altered_sources(self):
        """What the jobs changed of that which they only read."""
        return trees.differences(trees.tree(self.setup.archive), self.archived)

    def end(self, keeps=False):
        if self.catalogue:
            self.catalogue.end()
        if self.gateway:
            self.gateway.end()
        if not keeps:
            trees.remove(self.base)
