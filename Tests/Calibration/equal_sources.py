"""Usage: equal_sources.py BIN FOLDER RUNS [SEED] - how often patch-bench calls equal sources different, on real files.

Makes a small cube in FOLDER, which several names then stand for, and runs `patch-bench run` RUNS times for each number of
rounds, names and workers. Then a store is made slower, so that its loads take 1.3 times as long, and the runs of 20 rounds
that find it are counted. Ends with status 1 where more than 8 % of a group's runs make a false claim, or fewer than 80 % find
the difference.
"""

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

TILE, YEAR, DATES, EXTENT, PATCH = "35VLH", 2024, 3, 1080, 900
NAMES = {2: (["network", "temp"], ["zarr"]), 4: (["network", "temp"], ["zarr", "shardzarr"])}
MOST_CLAIMS, LEAST_FOUND, SLOWDOWN = 0.08, 0.8, 1.3
HERE = Path(__file__).resolve().parent


def prepare(tools, folder):
    """One cube, and a second way to it whose name the slow store knows."""
    cube = folder / "cube"
    if not cube.exists():
        places = os.environ | {"DSLAB_S2L1C_NETWORK_SAFE_PATH": str(folder / "safe")}
        places |= {"DSLAB_S2L1C_NETWORK_ZARR_PATH": str(cube)}
        size = ["--dates", str(DATES), "--extent", str(EXTENT)]
        synthesis = [tools / "s2-synth", "--output", folder / "safe", "--tile_id", TILE, "--year", str(YEAR), *size]
        for command in (synthesis, [tools / "safe2zarr"]):
            subprocess.run(command, env=places, check=True, capture_output=True)
        shutil.rmtree(folder / "safe")
    slow = folder / "slow-cube"
    if not slow.exists():
        slow.symlink_to(cube)
    library = folder / "slow_open.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, HERE / "slow_open.c", "-ldl"], check=True)
    return cube, slow, library


def run(tools, folder, places, names, rounds, workers, seed, environment={}):
    """The results of one run; every load is warm, so that nothing but chance makes a difference."""
    storages, formats = names
    environment = os.environ | environment | {
        f"DSLAB_S2L1C_{storage.upper()}_{form.upper()}_PATH": str(places[storage])
        for storage in storages for form in formats
    }
    output = folder / "results.json"
    options = ["--cache", "warm", "--no_ceilings", "--quiet", "--seed", str(seed), "--patch_size", str(PATCH)]
    counts = ["--num_repeats", str(rounds), "--workers", str(workers), "--output", output]
    command = [tools / "patch-bench", "run", "--storages", *storages, "--formats", *formats, *options, *counts]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return json.loads(output.read_text())


def claims(results):
    return any(comparison["different"] for comparison in results["comparisons"])


def equal_groups(tools, folder, cube, runs, seed):
    places, worst = {"network": cube, "temp": cube}, 0
    print("| rounds | names | workers | runs | runs with a false claim |\n|--:|--:|--:|--:|--:|", flush=True)
    for rounds in (5, 10):
        for count, names in NAMES.items():
            for workers in (1, 4):
                found = sum(
                    claims(run(tools, folder, places, names, rounds, workers, seed + number)) for number in range(runs)
                )
                worst = max(worst, found / runs)
                print(f"| {rounds} | {count} | {workers} | {runs} | {100 * found / runs:.1f} % |", flush=True)
    return worst


def delay(tools, folder, places, seed):
    """Nanoseconds that make the loads of one source 1.3 times as long, found by trying two."""
    def ratio(nanoseconds):
        slowed = {"LD_PRELOAD": str(folder / "slow_open.so"), "SLOW_PATH": "slow-cube"}
        slowed |= {"SLOW_NANOSECONDS": str(nanoseconds)}
        return run(tools, folder, places, NAMES[2], 60, 1, seed, slowed)["comparisons"][0]["ratio"], slowed

    nanoseconds = 200_000
    for _ in range(4):
        found, slowed = ratio(nanoseconds)
        if abs(math.log(found / SLOWDOWN)) < 0.02:
            break
        nanoseconds = max(1000, int(nanoseconds * (SLOWDOWN - 1) / max(found - 1, 0.02)))
    return found, slowed


def slowed_group(tools, folder, cube, slow, runs, seed):
    places = {"network": cube, "temp": slow}
    found, slowed = delay(tools, folder, places, seed)
    results = [run(tools, folder, places, NAMES[2], 20, 1, seed + number, slowed) for number in range(runs)]
    middle = statistics.median(result["comparisons"][0]["ratio"] for result in results)
    share = sum(map(claims, results)) / runs
    print(f"\nA store slowed to a ratio of {middle:.2f} ({found:.2f} beforehand), 20 rounds: found in {100 * share:.1f} % of {runs} runs")
    return share


def main(tools, folder, runs, seed=1):
    tools, folder = Path(tools).resolve(), Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    cube, slow, _ = prepare(tools, folder)
    worst = equal_groups(tools, folder, cube, int(runs), int(seed))
    share = slowed_group(tools, folder, cube, slow, int(runs), int(seed))
    sys.exit(worst > MOST_CLAIMS or share < LEAST_FOUND)


if __name__ == "__main__":
    main(*sys.argv[1:])
