"""Where damage is done and made good: all formats on the network drive, on a node's disk and in a bucket, as the tools left them."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import tools
import trees
from gateway import THREADS, Bucket, Catalogue, Gateway
from jobs import LAYOUTS, variable

FORMATS = ["safe", "cog", *LAYOUTS]
STORAGES = ["network", "temp", "s3"]
TILE_YEAR = ["--tile", "35VLH", "--year", "2024"]
# What `patch-bench verify --files` says of a file, and of a unit that it cannot compare at all.
WHOLE = re.compile(r": (\d+) of \d+ units are as listed")
MISMATCH = re.compile(
    r" error +mismatch: (.*?)(?: (is missing|is not as listed|is not listed)|: (.*?)); (?:restore|remove) it with: (.*)$"
)
POOL = "default.rgw.buckets.data"


@dataclass
class Finding:
    """A line of the verification; `path` is a unit's where `what` is a reason."""

    path: str
    what: str
    command: str


class Folder:
    """A format's tree on the network drive or a node's disk, beside a copy of how it should be."""

    def __init__(self, root, fresh):
        self.root, self.fresh = Path(root), Path(fresh)
        self.prefix = str(root)
        trees.copy(root, fresh)
        self.expected = trees.tree(fresh)

    def tree(self):
        return trees.tree(self.root)

    def read(self, name):
        return (self.root / name).read_bytes()

    def rot(self, name, data):
        """Other bytes, and nothing that tells when they came: disks do not touch times."""
        path = self.root / name
        status = path.stat()
        path.write_bytes(data)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def put(self, name, data):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def remove(self, name):
        (self.root / name).unlink()

    def reset(self):
        """Makes it as it was, times included."""
        found = self.tree()
        for name in found:
            if name not in self.expected:
                path = self.root / name
                trees.remove(path) if path.is_dir() else path.unlink()
        for name in self.expected:
            target, source = self.root / name, self.fresh / name
            if found.get(name) != self.expected[name]:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
            elif target.stat().st_mtime_ns != source.stat().st_mtime_ns:
                shutil.copystat(source, target)


class Objects:
    """A format's tree in a bucket."""

    def __init__(self, gateway, place, source):
        self.gateway, self.source = gateway, source
        self.bucket = Bucket(gateway, place)
        self.prefix = f"s3://{place}"
        self.expected = self.tree()
        missing = trees.differences(self.expected, {name: mark for name, mark in source.expected.items() if not trees.is_hidden(name)})
        assert not missing, f"{place} is no mirror: {missing}"

    def tree(self):
        """By the bytes, since entity tags stay when bytes rot."""
        names = list(self.bucket.tags())
        with ThreadPoolExecutor(THREADS) as pool:
            digests = pool.map(lambda name: hashlib.blake2b(self.read(name), digest_size=16).hexdigest(), names)
            return dict(zip(names, digests))

    def read(self, name):
        return self.bucket.client.get_object(Bucket=self.bucket.bucket, Key=self.bucket.prefix + name)["Body"].read()

    def rot(self, name, data):
        """Other bytes below the gateway, which goes on to tell the entity tag of the old ones.

        By a request where there is no way below, or the length is another one: the gateway would wait for what it lacks.
        """
        if not self.gateway.folder or len(data) != len(self.read(name)):
            return self.put(name, data)
        rados = ["rados", "--conf", f"{self.gateway.folder}/ceph.conf", "-n", "client.admin", "-p", POOL]
        if not hasattr(self.gateway, "marker"):
            self.gateway.marker = {}
        subprocess.run([*rados, "put", f"{self.marker(rados)}_{self.bucket.prefix}{name}", "-"], input=data, check=True)
        assert self.read(name) == data, f"{name} did not rot"

    def marker(self, rados):
        """What the gateway puts before the keys of the bucket."""
        known = self.gateway.marker
        if self.bucket.bucket not in known:
            key = "_" + self.bucket.prefix + next(iter(self.expected))
            names = subprocess.run([*rados, "ls"], check=True, capture_output=True, text=True).stdout.split("\n")
            [name] = [name for name in names if name.endswith(key)]
            known[self.bucket.bucket] = name[: -len(key)]
        return known[self.bucket.bucket]

    def put(self, name, data):
        self.bucket.client.put_object(Bucket=self.bucket.bucket, Key=self.bucket.prefix + name, Body=data)

    def remove(self, name):
        self.bucket.client.delete_object(Bucket=self.bucket.bucket, Key=self.bucket.prefix + name)

    def reset(self):
        """Makes it as it was."""
        found = self.tree()
        for name in found.keys() | self.expected.keys():
            if name not in self.expected:
                self.remove(name)
            elif found.get(name) != self.expected[name]:
                self.put(name, (self.source.fresh / name).read_bytes())


class Lab:
    """The whole pipeline in one folder, with the servers that it needs."""

    def __init__(self, bin):
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.base = Path(tempfile.mkdtemp(prefix="dslab-damage-", dir=os.environ.get("DSLAB_CRASH_FOLDER", memory)))
        self.bin = Path(bin).resolve()
        self.gateway = self.catalogue = None
        try:
            self.begin()
        except BaseException:
            self.end()
            raise

    def begin(self):
        self.do(["s2-synth", "--output", str(self.base / "delivered"), "--dates", "5", "--extent", "240"], {})
        self.gateway = Gateway()
        Bucket(self.gateway, "crash-eodata").hold(self.base / "delivered")
        self.catalogue = Catalogue(self.base / "delivered", "crash-eodata", self.base / "port")
        self.variables = {**self.gateway.variables(), "DSLAB_STAC_URL": self.catalogue.url}
        for format in FORMATS:
            self.variables[variable("NETWORK", format)] = f"{self.base}/network-{format}"
            self.variables[variable("TEMP", format)] = f"{self.base}/temp-{format}"
            self.variables[variable("S3", format, "BUCKET")] = f"damage/{format}"
        pace = ["--requests_per_minute", "1000000"]
        self.do(["s2-intake-year", "--tile_id", "35VLH", "--year_start", "2024", "--year_end", "2025", *pace])
        self.do(["safe2cog"])
        for options in LAYOUTS.values():
            self.do(["safe2zarr", *options])
        self.do(["s3-mirror", "--formats", *FORMATS])
        self.do(["nvme-stage", "--formats", *FORMATS])
        self.places = {}
        for format in FORMATS:
            for storage in ["network", "temp"]:
                self.places[storage, format] = Folder(self.base / f"{storage}-{format}", self.base / f"fresh-{storage}-{format}")
            self.places["s3", format] = Objects(self.gateway, f"damage/{format}", self.places["network", format])

    def run(self, command, variables=None):
        """Runs a tool, or what a shell makes of a text."""
        words = ["bash", "-c", command] if isinstance(command, str) else [self.bin / command[0], *command[1:]]
        variables = {**(self.variables if variables is None else variables), "PATH": f"{self.bin}:/usr/bin:/bin"}
        return tools.run(words, variables, self.base, self.base / "output", 300)

    def do(self, command, variables=None):
        ending = self.run(command, variables)
        assert ending.status == 0, f"{command}: {ending.output}"

    def verify(self, storage, format):
        """What the verification finds, and what is wrong with its status: 3 where some units are whole, 1 where none is."""
        ending = self.run(["patch-bench", "verify", "--files", "--storages", storage, "--formats", format, *TILE_YEAR])
        matches = [MISMATCH.search(line) for line in ending.output.split("\n")]
        findings = [Finding(match[1], match[2] or match[3], match[4]) for match in matches if match]
        whole = sum(int(number) for number in WHOLE.findall(ending.output))
        due = 0 if not findings else 3 if whole else 1
        return findings, [] if ending.status == due else [f"the verification ends with {ending.status}, not {due}: {ending.words}"]

    def end(self):
        if self.catalogue:
            self.catalogue.end()
        if self.gateway:
            self.gateway.end()
        trees.remove(self.base)
