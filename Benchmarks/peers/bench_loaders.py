"""DataLoaders over our reader and those of others, in turn, by number of workers; see README.md.

    bench_loaders.py --data DIR --plan FILE --output FILE [--layouts zarr …] [--workers 1 2 4] [--rounds 5] [--patches 80]
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys

from settings import GDAL, KEEP_MEMORY

# Seconds for a run of one worker; one that waits for a thread that the fork did not copy waits for ever.
_PATIENCE = 60
# Where nothing is read: what handing over costs by itself.
NO_LAYOUT = "none"


def contenders(options, layout: str, workers: int) -> dict[str, tuple[str, list[dict]]]:
    """Readers and the settings to try of each: threads for each worker, as the processors allow, and twice as many."""
    processors = len(os.sched_getaffinity(0))
    threads = sorted({max(1, processors // workers), max(1, 2 * processors // workers)})
    own = [{"threads": count, "memory": "lent", "env": KEEP_MEMORY} for count in threads]
    ours = {"datacube_lab": ("datacube_lab_cube", own)}
    if layout == NO_LAYOUT:
        floors = {"no reader": "torch", "no reader, memory of datacube_lab": "lent"}
        return {name: ("nothing", [{"memory": memory, "env": KEEP_MEMORY}]) for name, memory in floors.items()}
    if layout == "cog":
        pools = [{"threads": count, "keep_open": True, "env": GDAL} for count in threads]
        return ours | {"rasterio, threads": ("rasterio_pool", pools)}
    tensorstore = [
        {
            "context": {"data_copy_concurrency": {"limit": count}, "file_io_concurrency": {"limit": 4 * count}},
            "into_buffer": into_buffer,
            "env": KEEP_MEMORY,
        }
        for count in threads
        for into_buffer in (True, False)
    ]
    zarrs = [{"pipeline": "zarrs", "zarr": {"threading.max_workers": count}, "env": KEEP_MEMORY} for count in threads]
    python = [
        {"pipeline": "batched", "zarr": {"async.concurrency": 10, "threading.max_workers": count}, "env": KEEP_MEMORY}
        for count in threads
    ]
    peers = {
        "tensorstore": ("tensorstore_arrays", tensorstore),
        "zarr-python + zarrs": ("zarr_python", zarrs),
        "zarr-python": ("zarr_python", python),
    }
    return ours | {name: peer for name, peer in peers.items() if not options.peers or name in options.peers}


def measured(options, layout: str, reader: str, settings: dict, workers: int, start: str, *more: str) -> dict | None:
    """What a run of its own says; None where its workers do not answer, or are killed, after a fork."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "loader_worker.py")
    command = [sys.executable, script, reader, layout, options.data, options.plan, json.dumps(settings)]
    command += ["--workers", str(workers), "--start", start, "--patches", str(options.patches), *more]
    environment = {**os.environ, **settings.get("env", {})}
    try:
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_PATIENCE, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        subprocess.run(["pkill", "-9", "-f", "loader_worker.py"], check=False)
        return None
    if ended.returncode != 0 and start == "fork" and "exited unexpectedly" in ended.stderr:
        return None
    if ended.returncode != 0:
        raise RuntimeError(f"{reader} failed: {ended.stderr[-2000:]}")
    return json.loads(ended.stdout)


def find_starts(options, layout: str, starts: dict[str, str]) -> None:
    """How workers of each reader can be made, and whether all readers' pixels are the same."""
    checks = set()
    for name, (reader, candidates) in contenders(options, layout, 1).items():
        found = None
        if starts.get(name) != "spawn":
            found = measured(options, layout, reader, candidates[0], 1, "fork", "--check")
        starts[name] = "spawn" if found is None else "fork"
        found = found or measured(options, layout, reader, candidates[0], 1, "spawn", "--check")
        checks.add(found["checksum"])
    if len(checks) != 1:
        raise ValueError(f"{layout}: the readers' pixels differ")


def race(options, layout: str, workers: int, starts: dict[str, str]) -> list[dict]:
    entered, order, chosen = contenders(options, layout, workers), random.Random(workers), {}
    for name, (reader, candidates) in entered.items():
        tried = [measured(options, layout, reader, settings, workers, starts[name]) for settings in candidates]
        chosen[name] = max(zip(tried, candidates), key=lambda pair: pair[0]["rate"])[1]
    rates = {name: [] for name in entered}
    for _ in range(options.rounds):
        for name in order.sample(list(entered), len(entered)):
            found = measured(options, layout, entered[name][0], chosen[name], workers, starts[name])
            rates[name].append(found["rate"])
    step = ["--step", str(options.step)]
    rows = []
    for name, (reader, _) in entered.items():
        waited = measured(options, layout, reader, chosen[name], workers, starts[name], *step)["waited"]
        row = {"layout": layout, "workers": workers, "reader": name, "start": starts[name], "settings": chosen[name]}
        rows.append(row | {"rates": rates[name], "rate": statistics.median(rates[name]), "waited": waited})
        print(f"{layout}, {workers} workers, {name} ({starts[name]}): {row_text(rows[-1])}", file=sys.stderr, flush=True)
    return rows


def row_text(row: dict) -> str:
    rates = " ".join(f"{rate:.1f}" for rate in sorted(row["rates"]))
    return f"{row['rate']:.1f} patches a second ({rates}), waited {100 * row['waited']:.0f} %"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--layouts", nargs="+", default=[NO_LAYOUT, "shardzarr", "zarr", "cog"])
    parser.add_argument("--peers", nargs="*", help="only these of the readers of Zarr")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patches", type=int, default=80)
    parser.add_argument("--step", type=float, default=0.02)
    options = parser.parse_args()
    rows, starts = [], {}
    for layout in options.layouts:
        find_starts(options, layout, starts)
        for workers in options.workers:
            rows += race(options, layout, workers, starts)
    with open(options.output, "w") as file:
        json.dump(rows, file, indent=2)
    print(table(rows))


def table(rows: list[dict]) -> str:
    lines = ["| layout | workers | reader | workers made by | patches/s | waited at the step |", "|:--|--:|:--|:--|--:|--:|"]
    for row in rows:
        cells = [row["layout"], str(row["workers"]), row["reader"], row["start"], f"{row['rate']:.1f}"]
        lines.append("| " + " | ".join([*cells, f"{100 * row['waited']:.0f} %"]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
