"""The transfers of one tree to a bucket and back, by ours and by the peers."""

import os
import re

from gateway import Bucket
from stopwatch import Command
from transfer_peers import Peers
from trees import measure, prove_whole, put_aside, sizes

# So many that pacing never waits: that limit is the Data Space's, and throughput is compared here.
_NO_PACE = "1000000"


class Transfers:
    """A tree on its way to a bucket and back, by all contenders."""

    def __init__(self, options, format: str, source: str):
        self.options, self.format, self.source = options, format, source
        self.work = os.path.dirname(source)
        self.target = os.path.join(self.work, "arrived")
        self.peers = Peers(self.work)
        self.count, self.bytes = measure(source)
        self.bucket = Bucket(f"transfers-{format}")
        self.expected = sizes(source)
        self.runs = 0

    def up(self) -> list[Command]:
        commands = [self._ours("s3-mirror", "--direction", "up")] + self.peers.up(self.source, self.bucket.name)
        for command in commands:
            command.prepare, command.check = self._empty_bucket, lambda name=command.name: self._check_bucket(name)
        return commands

    def down(self) -> list[Command]:
        mirror = self._ours("s3-mirror", "--direction", "down", folder=self.target)
        peers = self.peers.down(self.source, self.bucket.name, self.target)
        return self.arriving([mirror] + peers)

    def intake(self, url: str) -> list[Command]:
        """With the four connections that the Data Space grants, and with as many as each likes."""
        ours = [self.intake_by(count, url) for count in (4, 16)]
        peers = self.peers.down_by_four(self.bucket.name, self.target)
        return ours + self.arriving(peers + self.peers.down(self.source, self.bucket.name, self.target))

    def intake_by(self, connections: int, url: str) -> Command:
        # No longer than the products need: a run locks every year of its span.
        years = [int(name) for name in re.findall(r"_(20\d\d)\d{4}T\d{6}\.SAFE/manifest", "\n".join(self.expected))]
        year = ["--time_start", f"{min(years)}-01-01T00:00:00Z", "--time_end", f"{max(years) + 1}-01-01T00:00:00Z"]
        options = [*year, "--requests_per_minute", _NO_PACE, "--connections", str(connections)]
        command = self._ours("s2-intake", *options, folder=self.target, url=url)
        command.name = command.program = f"s2-intake, {connections} connections"
        return self.arriving([command])[0]

    def fill(self) -> None:
        self.bucket.empty()
        command = self._ours("s3-mirror", "--direction", "up")
        command.check = lambda: self._check_bucket("s3-mirror")
        command.run(self.work)

    def _ours(self, tool: str, *arguments: str, folder: str = "", url: str = "") -> Command:
        formats = [] if url else ["--formats", self.format]
        env = {
            f"DSLAB_S2L1C_NETWORK_{self.format.upper()}_PATH": folder or self.source,
            f"DSLAB_S2L1C_S3_{self.format.upper()}_BUCKET": self.bucket.name,
            "DSLAB_INTAKE_PROFILE": os.environ["DSLAB_S2L1C_S3_PROFILE"],
            "DSLAB_STAC_URL": url,
        }
        return Command(tool, [os.path.join(self.options.bin, tool), "--quiet", *formats, *arguments], env)

    def arriving(self, commands: list[Command]) -> list[Command]:
        """Commands that each get an empty folder, and whose files are compared."""
        for command in commands:
            command.prepare = lambda own=command.prepare: (self._empty_target(), own())
            command.check = lambda name=command.name: self._check_target(name)
            command.prove = lambda name=command.name: prove_whole(name, self.source, self.target)
        return commands

    def _empty_bucket(self) -> None:
        self.bucket.empty()
        # rclone tells the system to forget what it has read.
        measure(self.source)

    def _empty_target(self) -> None:
        self.runs += 1
        put_aside(self.target, os.path.join(self.work, "earlier", f"{self.format}-{self.runs}"))

    def _check_bucket(self, name: str) -> None:
        if self.bucket.sizes() != self.expected:
            raise ValueError(f"{name} left other keys or sizes in {self.bucket.name} than the files have")

    def _check_target(self, name: str) -> None:
        found = sizes(self.target)
        wrong = [path for path, size in self.expected.items() if found.get(path) != size]
        if wrong:
            raise ValueError(f"{name}: {wrong[0]} has {found.get(wrong[0])} bytes of {self.expected[wrong[0]]}")
