"""s3-mirror and s2-intake beside rclone and s3cmd, to and from the gateway that scripts/bench-peers started.

    bench_transfers.py --data DIR --bin DIR --output DIR [--rounds 5] [--megabytes 300] [--files 2000]
"""

import argparse
import json
import os
import shutil
import subprocess

from gateway import catalogue
from stopwatch import Command, fastest_of_each, in_turn, table
from transfers import Transfers
from trees import link_part


def main() -> None:
    options = parse()
    work = os.path.join(options.data, "transfers")
    # What a run that failed left.
    shutil.rmtree(work, ignore_errors=True)
    trees = (("safe", "products", products(options, work)), ("zarr", "a datacube", chunks(options, work)))
    reports, rows = [], []
    for format, kind, source in trees:
        transfers = Transfers(options, format, source)
        for title, commands in cases(transfers, kind):
            text, found = race(options, f"{title}, {transfers.count} files", commands, transfers.bytes)
            reports.append(text)
            rows += found
        transfers.bucket.empty()
    shutil.rmtree(work)
    text = "\n".join(reports) + "\n" + NOTE
    with open(os.path.join(options.output, "transfers.json"), "w") as file:
        json.dump(rows, file, indent=2)
    with open(os.path.join(options.output, "transfers.md"), "w") as file:
        file.write(text)
    print(text)


def products(options, work: str) -> str:
    """Few large files: as many whole products as the gateway's memory holds."""
    part = os.path.join(work, "safe")
    product = lambda path: path[: path.index(".SAFE/")] if ".SAFE/" in path else ""
    link_part(os.path.join(options.data, "safe"), part, product, options.megabytes * 1_000_000, options.files)
    return part


def chunks(options, work: str) -> str:
    """Many small files: the pixels of these products in chunks of some 100 KB, of which a mirror does not mind gaps."""
    whole, part = os.path.join(work, "whole"), os.path.join(work, "zarr")
    env = {"DSLAB_S2L1C_NETWORK_SAFE_PATH": os.path.join(work, "safe"), "DSLAB_S2L1C_NETWORK_ZARR_PATH": whole}
    command = [os.path.join(options.bin, "safe2zarr"), "--quiet", "--chunk_size", "96"]
    subprocess.run(command, check=True, env={**os.environ, **env})
    link_part(whole, part, lambda path: path, options.megabytes * 1_000_000, options.files)
    shutil.rmtree(whole)
    return part


NOTE = """\
Before each run the bucket or the folder is empty; after it, names and sizes are compared, and once for every command tried,
on the way down the content. Of each program the fastest command tried races; `transfers.json` holds what each took. The Data
Space grants four connections. `s3-mirror` sends a SHA-256 with each upload and compares the MD5 of each file that
came down; `s2-intake` compares SHA3-256 with the manifest; both have all files on disk when they end. rclone and
s3cmd compare MD5s of what passes through them unless the row says unverified, and leave writing to the system, which
the column "with sync" adds. Client and gateway share the processors; "processor s" is the client's.
"""


def parse() -> argparse.Namespace:
    options = parser_of_transfers().parse_args()
    options.data = os.path.abspath(options.data)
    return options


def parser_of_transfers() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    for name in ("--data", "--bin", "--output"):
        parser.add_argument(name, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=300, help="of each tree, so that the gateway's memory holds them")
    parser.add_argument("--files", type=int, default=2000, help="the most small files")
    return parser


def cases(transfers: Transfers, kind: str):
    """What is raced, in this order: the bucket is filled between."""
    yield f"up: {kind}", transfers.up()
    transfers.fill()
    yield f"down: {kind}", transfers.down()
    if transfers.format == "safe":
        with catalogue(transfers.source, transfers.bucket, transfers.work) as url:
            yield f"intake: {kind}", transfers.intake(url)


def race(options, title: str, commands: list[Command], size: int) -> tuple[str, list[dict]]:
    racing, tried = fastest_of_each(commands, options.data)
    in_turn(racing, options.rounds, options.data)
    text, rows = table(f"{title}, {size / 1e6:.0f} MB", racing, size)
    for row, command in zip(rows, racing):
        program = command.program or command.name
        row["tried"] = {other.name: tried[other.name] for other in commands if (other.program or other.name) == program}
        row["arguments"], row["variables"] = command.arguments, sorted(command.env)
    return text, rows


if __name__ == "__main__":
    main()
