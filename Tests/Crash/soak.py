"""Runs the whole pipeline round after round on disks that fail now and then, and holds everything to be as before.

A round takes away a part of what is there, lets each tool meet faults, and then finish undisturbed: intake from S3, both
conversions, mirror, staging, and a comparison of all pixels. Trees must then be those of an undisturbed run. Memory, open
descriptors and files left over must not grow from the first third of the rounds to the last one.
"""

import argparse
import os
import random
import re
import statistics
import sys
import time
from pathlib import Path

import faults
import shim
import tools
import trees
from jobs import LAYOUTS, LOOKS, Job, variable
from prepare import Prepared
from site_of_tries import Site

FORMATS = ["safe", "cog", "zarr"]
# One in so many calls fails. At one in a hundred a tool rarely comes far, so that others are as frequent.
RATES = [100, 1000, 5000]
ERRORS = sorted({code for codes in faults.ERRORS.values() for code in codes})
DISTURBED = 3
KIBIBYTE, ALLOWED_GROWTH = 1024, 1.15


class Steps:
    """The pipeline in one folder, and what an undisturbed run leaves there."""

    def __init__(self, prepared):
        self.setup = prepared.setup
        self.site = Site(prepared.setup, "soak")
        drive = {variable("NETWORK", format): f"{{try}}/{format}" for format in FORMATS}
        disk = {variable("TEMP", format): f"{{try}}/disk-{format}" for format in FORMATS}
        buckets = {variable("S3", format, "BUCKET"): f"{{bucket}}/{format}" for format in FORMATS}
        formats = ["--formats", *FORMATS]
        pace = ["--tile_id", "35VLH", "--requests_per_minute", "1000000"]
        commands = [
            ["s2-intake-year", *pace, "--year_start", "2024", "--year_end", "2025"], ["safe2cog"],
            ["safe2zarr", *LAYOUTS["zarr"]], ["s3-mirror", "--direction", "up", *formats], ["nvme-stage", *formats],
            ["patch-bench", "verify", "--storages", "network", "temp", *formats],
        ]
        looks = {**{format: LOOKS[format] for format in FORMATS}, **{f"disk-{format}": LOOKS[format] for format in FORMATS}}
        variables = {**drive, **disk, **buckets, "DSLAB_STAC_URL": "{catalogue}", "DSLAB_LOG_FOLDER": "{try}/results"}
        self.jobs = [
            Job("soak", command, variables, {name: None for name in looks}, looks, {format: None for format in FORMATS})
            for command in commands
        ]
        self.whole = self.jobs[0]
        self.site.prepare(self.whole)
        for job in self.jobs:
            ending = self.site.run(job)
            assert ending.status == 0, f"{job.command[0]} undisturbed: {ending.output}"
        self.site.look_up(self.whole)
        self.setup.final["soak"] = self.site.trees(self.whole)

    def take_away(self, chances):
        """Removes some products everywhere, a whole datacube, and some of what is on the disk and in the buckets."""
        folder = self.site.folder
        for format, pattern in [("safe", "*.SAFE"), ("cog", "S2?_*"), ("disk-safe", "*.SAFE"), ("disk-cog", "S2?_*")]:
            products = sorted(path for path in (folder / format).rglob(pattern) if path.is_dir())
            for product in chances.sample(products, min(2, len(products))):
                trees.remove(product)
                Path(f"{product}.tileparts.json").unlink(missing_ok=True)
        for cube in [folder / "zarr" / "35VLH" / "2024", folder / "disk-zarr" / "35VLH" / "2024" / chances.choice(["10m", "20m", "60m"])]:
            trees.remove(cube)
        for format in FORMATS:
            bucket = self.site.bucket(format)
            keys = sorted(bucket.tags())
            for key in chances.sample(keys, min(20, len(keys))):
                bucket.client.delete_object(Bucket=bucket.bucket, Key=bucket.prefix + key)


def watched(running):
    """Waits for a tool; its ending, its most memory in KiB and its most open descriptors."""
    process = Path(f"/proc/{running.process.pid}")
    # The kernel's own record of the most memory would count this program's, of which the tool is a copy at first.
    memory = descriptors = 0
    while running.process.poll() is None and time.monotonic() < running.start + tools.SECONDS:
        try:
            memory = max(memory, int(re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())[1]))
            descriptors = max(descriptors, len(os.listdir(process / "fd")))
        except (OSError, TypeError):
            pass
        time.sleep(0.004)
    return running.wait(1), memory, descriptors


class Soak:
    def __init__(self, steps, seed):
        self.steps, self.site, self.seed = steps, steps.site, seed
        self.failures = 0
        # By tool and quantity: a value a round.
        self.records = {}
        self.endings = {}

    def fail(self, round, tool, words):
        self.failures += 1
        print(f"round {round} of seed {self.seed}: {tool}: {words}", flush=True)

    def record(self, tool, quantity, value):
        self.records.setdefault((tool, quantity), []).append(value)

    def round(self, number):
        chances = random.Random(f"{self.seed}/{number}")
        self.steps.take_away(chances)
        for job in self.steps.jobs:
            tool = job.command[0]
            most = [0, 0]
            # The comparison only reads; it proves that all is well in the end.
            for attempt in range(0 if tool == "patch-bench" else DISTURBED):
                plan = shim.Plan(list(faults.ERRORS), one_in=RATES[attempt % len(RATES)], seed=chances.randrange(1 << 30), errors=ERRORS)
                ending, *used = watched(self.site.start(job, plan))
                most = [max(pair) for pair in zip(most, used)]
                self.endings[tool, ending.status] = self.endings.get((tool, ending.status), 0) + 1
                if ending.status not in faults.STATUSES:
                    self.fail(number, tool, f"{plan}: ends with {ending.status}: {ending.words}")
            ending, *used = watched(self.site.start(job))
            most = [max(pair) for pair in zip(most, used)]
            self.record(tool, "MiB", most[0] / KIBIBYTE)
            self.record(tool, "descriptors", most[1])
            if ending.status != 0:
                self.fail(number, tool, f"undisturbed ends with {ending.status}: {ending.words}")
                return self.begin_again()
        self.site.look_up(self.steps.whole)
        if problems := self.site.problems(self.steps.whole):
            self.fail(number, "readers", "; ".join(problems[:4]))
        differences = [words for words in self.site.differences(self.steps.whole) if "results is left" not in words]
        left = [words for words in differences if words.endswith("is left")]
        self.record("files", "left", len(left))
        if others := [words for words in differences if words not in left]:
            self.fail(number, "trees", "; ".join(others[:4]))
            self.begin_again()

    def begin_again(self):
        """What a failure left would fail all rounds to come."""
        self.site.prepare(self.steps.whole)

    def growth(self):
        """Compares the last third of the rounds with the first one."""
        print(f"\n{'':16}{'':14}{'first third':>12}{'last third':>12}{'most':>10}")
        for (tool, quantity), values in self.records.items():
            third = max(1, len(values) // 3)
            first, last = statistics.mean(values[:third]), statistics.mean(values[-third:])
            # A single descriptor or file more is chance.
            grows = last > first * ALLOWED_GROWTH + 2
            print(f"{tool:16}{quantity:14}{first:12.1f}{last:12.1f}{max(values):10.1f}{'  grows' if grows else ''}")
            self.failures += grows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", help="folder of the tools")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.monotonic()
    prepared = Prepared(options.bin, [], with_servers=True)
    try:
        soak = Soak(Steps(prepared), options.seed)
        rounds = 0
        while time.monotonic() - start < options.minutes * 60:
            soak.round(rounds)
            rounds += 1
            if rounds % 20 == 0:
                print(f"{rounds} rounds in {time.monotonic() - start:.0f} s, {soak.failures} failures", flush=True)
    finally:
        prepared.end()
    soak.growth()
    print("\ndisturbed runs by status:")
    for (tool, status), count in sorted(soak.endings.items(), key=str):
        print(f"  {tool:16}{status!s:>5}{count:8}")
    print(f"\n{rounds} rounds of seed {options.seed} in {time.monotonic() - start:.0f} s, {soak.failures} failures")
    sys.exit(1 if soak.failures else 0)


if __name__ == "__main__":
    main()
