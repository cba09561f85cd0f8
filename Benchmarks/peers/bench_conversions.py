"""The converters beside their floors: decoding everything, and decoding and compressing everything, with no file written.

    bench_conversions.py --data DIR --bin DIR --floors DIR --output DIR [--rounds 3]
"""

import argparse
import json
import os
import shutil

from stopwatch import Command, in_turn, table


def main() -> None:
    options = parse()
    target = os.path.join(options.data, "converted")
    reports, rows = [], []
    for title, commands in (
        ("SAFE to Zarr", [converter(options, "safe2zarr", "ZARR", target), floor(options, "decode-floor")]),
        ("SAFE to COG", [converter(options, "safe2cog", "COGS", target), floor(options, "encode-floor")]),
    ):
        in_turn(commands, options.rounds, options.data)
        text, found = table(title, commands)
        reports.append(text)
        rows += found
    shutil.rmtree(target, ignore_errors=True)
    text = "\n".join(reports) + "\nA ratio of 0.8 says that the floor takes 0.8 of our time.\n"
    with open(os.path.join(options.output, "conversions.json"), "w") as file:
        json.dump(rows, file, indent=2)
    with open(os.path.join(options.output, "conversions.md"), "w") as file:
        file.write(text)
    print(text)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("--data", "--bin", "--floors", "--output"):
        parser.add_argument(name, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.data = os.path.abspath(options.data)
    return options


def converter(options, tool: str, format: str, target: str) -> Command:
    env = {"DSLAB_S2L1C_NETWORK_SAFE_PATH": source(options), f"DSLAB_S2L1C_NETWORK_{format}_PATH": target}
    return Command(tool, [os.path.join(options.bin, tool), "--quiet"], env, lambda: shutil.rmtree(target, ignore_errors=True))


def floor(options, name: str) -> Command:
    return Command(name, [os.path.join(options.floors, name), source(options)])


def source(options) -> str:
    return os.path.join(options.data, "safe")


if __name__ == "__main__":
    main()
