"""The folder and the buckets in which one worker tries jobs."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import shim
import states
import tools
import trees
from gateway import Bucket

LOOKS = {
    "cubes": states.check_cubes,
    "geotiffs": states.check_geotiffs,
    "products": states.check_products,
    "copies": lambda root, truth: states.check_products(root, truth, declared_by="manifest.safe"),
    "days": lambda root, truth: states.check_days(root),
}


@dataclass
class Setup:
    """What all workers share."""

    base: Path
    bin: Path
    library: Path
    truth: object = None
    gateway: object = None
    catalogue: str = ""
    # By job: the trees that an undisturbed run leaves, its seconds, and its calls by kind.
    final: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)

    @property
    def archive(self):
        return self.base / "archive"


class Site:
    def __init__(self, setup, name, keep=None):
        self.setup = setup
        self.root = setup.base / "tries" / name
        self.root.mkdir(parents=True, exist_ok=True)
        self.folder = self.root / "try"
        self.output = self.root / "output"
        self.state = self.root / "state"
        self.bucket_name = f"crash-{name}"
        self.buckets = {}

    def fill(self, text):
        places = {"{archive}": self.setup.archive, "{try}": self.folder, "{bucket}": self.bucket_name,
                  "{source}": "crash-source", "{catalogue}": self.setup.catalogue}
        for name, place in places.items():
            text = text.replace(name, str(place))
        return text

    def bucket(self, name):
        if name not in self.buckets:
            self.buckets[name] = Bucket(self.setup.gateway, f"{self.bucket_name}/{name}")
            self.buckets[name].learn(self.setup.archive / name)
        return self.buckets[name]

    def prepare(self, job):
        """The state in which a job begins."""
        trees.remove(self.folder)
        self.folder.mkdir()
        for name, source in job.start.items():
            if source:
                trees.copy(self.fill(source), self.folder / name)
        for name, source in job.buckets.items():
            self.bucket(name).hold(source and self.fill(source))

    def command(self, job):
        return [str(self.setup.bin / job.command[0]), *map(self.fill, job.command[1:])]

    def variables(self, job, endpoint=None, catalogue=None):
        values = {name: self.fill(value) for name, value in job.variables.items()}
        if catalogue and "DSLAB_STAC_URL" in values:
            values["DSLAB_STAC_URL"] = catalogue
        return {**values, **(self.setup.gateway.variables(endpoint) if job.needs_gateway else {})}

    def start(self, job, plan=None, endpoint=None, catalogue=None):
        """Starts the tool, under the shim where there is a plan for it."""
        variables = self.variables(job, endpoint, catalogue)
        if plan:
            variables |= plan.variables(self.setup.library, self.setup.base, self.state)
        return tools.Running(self.command(job), variables, self.root, self.output)

    def run(self, job, plan=None):
        return self.start(job, plan).wait()

    def counts(self):
        return shim.read(self.state)

    def look_up(self, job):
        """Brings the buckets' content beside the try's folder, for readers and comparisons."""
        trees.remove(self.root / "buckets")
        for name in job.buckets:
            self.bucket(name).dump(self.root / "buckets" / name)

    def places(self, job):
        """The folders that are looked at and compared; look_up comes before."""
        places = {name: self.folder / name for name in job.looks}
        return places | {f"bucket {name}": self.root / "buckets" / name for name in job.buckets}

    def problems(self, job):
        """What a reader would see that is not true."""
        found = []
        for name, place in self.places(job).items():
            for look in job.looks[name.removeprefix("bucket ")]:
                found += [f"{name}: {problem}" for problem in LOOKS[look](place, self.setup.truth)]
        return found

    def trees(self, job):
        return {name: trees.tree(place) for name, place in self.places(job).items()}

    def differences(self, job):
        """Where the try's trees are not those of an undisturbed run."""
        found, expected = self.trees(job), self.setup.final[job.name]
        words = [f"{name}: {word}" for name in expected for word in trees.differences(found[name], expected[name])]
        others = [path.name for path in self.folder.iterdir() if path.name not in job.looks]
        return words + [f"{name} is left" for name in others]

    def keep(self, target):
        """Copies what is there now, for somebody to look at."""
        trees.remove(target)
        Path(target).mkdir(parents=True)
        trees.copy(self.folder, Path(target) / "try")
        if (self.root / "buckets").exists():
            trees.copy(self.root / "buckets", Path(target) / "buckets")
        if self.output.exists():
            shutil.copy(self.output, Path(target) / "output")
