"""nvme-stage beside cp, rsync and rclone, on a Zarr tree of many small files and on the tree of patches.

    bench_copies.py --data DIR --bin DIR --output DIR [--copies DIR] [--rounds 5] [--files 10000]
"""

import argparse
import itertools
import json
import math
import os
import shutil
import subprocess

from stopwatch import Command, fastest_of_each, in_turn, table
from trees import measure, prove_whole, put_aside

_numbers = itertools.count()
_RCLONE = [(4, 4), (8, 8), (16, 16), (32, 16)]


def main() -> None:
    options = parse()
    reports, rows = [], []
    many, target = os.path.join(options.data, "many-files"), os.path.join(options.copies, "copies")
    # What a run that failed left.
    for folder in (target, aside(target)):
        shutil.rmtree(folder, ignore_errors=True)
    make_many_files(options, many)
    for title, source in (("many small files", many), ("the tree of patches", options.data)):
        zarr = os.path.join(source, "zarr")
        count, size = measure(zarr)
        commands, _ = fastest_of_each(contenders(options, zarr, target), options.copies)
        in_turn(commands, options.rounds, options.copies)
        text, found = table(f"copy: {title}, {count} files, {size / 1e6:.0f} MB", commands)
        reports.append(text)
        rows += found
    for folder in (target, aside(target)):
        shutil.rmtree(folder)
    with open(os.path.join(options.output, "copies.json"), "w") as file:
        json.dump(rows, file, indent=2)
    text = "\n".join(reports) + "\n" + NOTE
    with open(os.path.join(options.output, "copies.md"), "w") as file:
        file.write(text)
    print(text)


NOTE = """\
Sources are in the page cache, targets absent before each run. Of rsync and rclone the fastest variant tried races.
`nvme-stage` reads its copy back and has all files on disk when it ends; the others leave writing to the system, which
the last column but one adds.
"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--copies", help="a folder for the copies, on another disk or in memory (default: --data)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args()
    options.data = os.path.abspath(options.data)
    options.copies = os.path.abspath(options.copies or options.data)
    return options


def make_many_files(options, folder: str) -> None:
    """The same pixels in chunks so small that the tree has as many files as that of a whole year."""
    if os.path.isdir(os.path.join(folder, "zarr")):
        return
    with open(find(os.path.join(options.data, "zarr"), "10m/data/zarr.json")) as file:
        times, _, height, width = json.load(file)["shape"]
    # Three resolutions have 1 + 1/4 + 1/36 as many chunks of the same side as the finest.
    layers = math.ceil(times / 10) * (1 + 1 / 4 + 1 / 36)
    side = max(16, min(512, int(math.sqrt(height * width * layers / options.files) * 0.97)))
    source, target = os.path.join(options.data, "safe"), os.path.join(folder, "zarr")
    env = {"DSLAB_S2L1C_NETWORK_SAFE_PATH": source, "DSLAB_S2L1C_NETWORK_ZARR_PATH": target}
    tool = os.path.join(options.bin, "safe2zarr")
    subprocess.run([tool, "--quiet", "--chunk_size", str(side)], check=True, env={**os.environ, **env})


def find(folder: str, ending: str) -> str:
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(directory, name)
            if path.endswith(ending):
                return path
    raise FileNotFoundError(f"{folder} has no {ending}")


def aside(target: str) -> str:
    return f"{target}-earlier"


def contenders(options, source: str, target: str) -> list[Command]:
    def fresh() -> None:
        put_aside(target, os.path.join(aside(target), str(next(_numbers))))
        # rclone tells the system to forget what it has read.
        measure(source)

    def command(name: str, *arguments: str, env: dict[str, str] | None = None) -> Command:
        # The variants of nvme-stage do different work, so all of them race.
        program = "" if name.startswith("nvme-stage") else name.split()[0]
        prove = lambda: prove_whole(name, source, f"{target}/zarr")
        return Command(name, list(arguments), env or {}, fresh, prove=prove, program=program)

    stage = os.path.join(options.bin, "nvme-stage")
    places = {"DSLAB_S2L1C_NETWORK_ZARR_PATH": source, "DSLAB_S2L1C_TEMP_ZARR_PATH": f"{target}/zarr"}
    found = [
        command("nvme-stage", stage, "--quiet", "--formats", "zarr", env=places),
        command("nvme-stage --verify size", stage, "--quiet", "--formats", "zarr", "--verify", "size", env=places),
        command("cp -r", "cp", "-r", source, f"{target}/zarr"),
    ]
    if shutil.which("rsync"):
        found.append(command("rsync -r", "rsync", "-r", f"{source}/", f"{target}/zarr"))
        found.append(command("rsync -r --whole-file --inplace", "rsync", "-rW", "--inplace", f"{source}/", f"{target}/zarr"))
    if shutil.which("rclone"):
        for transfers, checkers in _RCLONE:
            options_ = ["--transfers", str(transfers), "--checkers", str(checkers), "--config", "/dev/null"]
            found.append(command(f"rclone copy, {transfers} transfers", "rclone", "copy", source, f"{target}/zarr", *options_))
    return found


if __name__ == "__main__":
    main()
