"""Our readers beside those of others, on the same files and patches, in turn; see README.md.

    bench_peers.py --data DIR --bin DIR --ceiling FILE --output DIR [--rounds 10] [--threads N] [--layouts zarr …]
                   [--storage s3]
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib import metadata

import ceiling
from dataset import FOLDERS, Dataset
from plan import Plan
from process import Contender, Ours, environment
from race import Race
from settings import IN_PYTHON, PEERS
from table import markdown, rows
from tuning import Workshop

_LAYOUTS = ["zarr", "shardzarr", "zipzarr", "cog", "safe"]
_PACKAGES = ["zarr", "zarrs", "tensorstore", "xarray", "dask", "rasterio", "rioxarray", "numpy"]


def main() -> None:
    options = parse()
    os.makedirs(options.output, exist_ok=True)
    layouts = [name for name in options.layouts if os.path.isdir(os.path.join(options.data, FOLDERS[name][0]))]
    plan = os.path.join(options.output, "plan.json")
    write_plan(options, layouts, plan)
    dataset = Dataset(options.data, Plan(plan), options.storage)
    report = {"environment": about(options), "products": len(dataset.plan.products), "layouts": {}}
    for layout in layouts:
        say(f"{layout}: tuning peers")
        report["layouts"][layout] = bench(layout, dataset, plan, options)
        write_results(layout, report["layouts"][layout], plan, options)
        # Whoever ends a long run early keeps what was measured.
        write(os.path.join(options.output, f"{report_name(options)}.json"), json.dumps(report, indent=2))
        write(os.path.join(options.output, f"{report_name(options)}.md"), markdown(report))
    print(markdown(report))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--ceiling", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--layouts", nargs="+", default=_LAYOUTS, choices=_LAYOUTS)
    parser.add_argument("--storage", default="temp", choices=["temp", "s3"])
    parser.add_argument("--link", default="", help="what the report is called after, and says of the way to the server")
    options = parser.parse_args()
    # What a server on the other side keeps in memory is not ours to say.
    options.caches = ["warm", "cold"] if options.storage == "temp" else ["server's"]
    options.data, options.log = os.path.abspath(options.data), os.path.join(options.output, "log")
    options.tool = os.path.join(options.bin, "patch-bench")
    return options


def report_name(options) -> str:
    return "peers" if options.storage == "temp" else f"peers-s3{options.link and '-' + options.link}"


def write_plan(options, layouts: list[str], path: str) -> None:
    command = [options.tool, "run", "--quiet", "--storages", options.storage, "--formats", *layouts]
    command += ["--num_repeats", str(options.rounds), "--write_plan", path]
    subprocess.run(command, check=True, env={**os.environ, **environment(options.data)})


def bench(layout: str, dataset: Dataset, plan: str, options) -> dict:
    """Tunes the peers of a layout, then races all contenders, warm and cold."""
    workshop = Workshop(dataset, plan, options.log)
    entered = [peer for peer in PEERS[options.storage](options.threads) if layout in peer.layouts]
    chosen, tried = {}, {}
    for peer in entered:
        chosen[peer.name], tried[peer.name] = workshop.best(peer, layout)
        say(f"  {peer.name}: {json.dumps(chosen[peer.name])}")
    work = ceiling_list(layout, dataset, options)
    races = {}
    for cache in options.caches:
        say(f"{layout}: {len(dataset.plan) - 1} rounds, {cache}")
        # Processes of its own for each state: whatever a reader kept of a patch is gone.
        contenders = [ours("ours", layout, dataset, plan, options)]
        contenders += [workshop.start(peer, layout, chosen[peer.name]) for peer in entered]
        if work:
            contenders.append(Contender("ceiling", [options.ceiling, work, str(options.threads)], log=options.log))
            contenders[-1].wait_until_ready()
        toucher = ours("toucher", layout, dataset, plan, options) if cache == "warm" else None
        races[cache] = Race(layout, cache, dataset, contenders, toucher).run()
    return {"rows": rows(races), "settings": chosen, "tried": tried, "samples": races}


def ours(name: str, layout: str, dataset: Dataset, plan: str, options) -> Ours:
    log = os.path.join(options.output, f"{name}-{layout}")
    return Ours(name, options.tool, layout, dataset, plan, options.threads, log)


def ceiling_list(layout: str, dataset: Dataset, options) -> str | None:
    path = os.path.join(options.output, f"ceiling-{layout}.txt")
    try:
        if layout in ("safe", "zipzarr") or options.storage == "s3":
            raise ceiling.Unsupported("the ceilings of JPEG 2000, of archives and of S3 are left out")
        ceiling.write(layout, dataset, path)
        return path
    except ceiling.Unsupported as reason:
        say(f"{layout}: {reason}")
        return None


def write_results(layout: str, found: dict, plan: str, options) -> None:
    """A results file for each reader and state of the page cache, in the form of `patch-bench run`."""
    for cache, samples in found["samples"].items():
        for name in {sample["contender"] for sample in samples} - {"ceiling"}:
            label = f"{name} {reader_version(name)} {json.dumps(found['settings'].get(name, {}))}"
            loads = [load(layout, sample, options) for sample in samples if sample["contender"] == name]
            state = cache if cache in ("warm", "cold") else "uncontrolled"
            content = {"reader": label, "cache": state, "threads": options.threads, "loads": loads}
            place = f"{layout}-{options.link}" if options.link else layout
            path = os.path.join(options.output, f"reader-{name.replace(' + ', '-').replace(' ', '-')}-{place}-{state}")
            write(f"{path}-loads.json", json.dumps(content))
            command = [options.tool, "import", "--quiet", f"{path}-loads.json", plan, "--output", f"{path}.json"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            os.remove(f"{path}-loads.json")


def load(layout: str, sample: dict, options) -> dict:
    place = {"storage": options.storage, "format": layout}
    kept = {key: sample[key] for key in ("round", "seconds", "resident_before", "disk_bytes")}
    return place | {key: value for key, value in kept.items() if value is not None}


def reader_version(name: str) -> str:
    if name == "ours":
        return "of this tool"
    if name == IN_PYTHON:
        import datacube_lab

        return datacube_lab.__version__
    known = [package for package in _PACKAGES if package in name] or ["zarr"]
    return metadata.version(known[0])


def about(options) -> dict:
    versions = {name: metadata.version(name) for name in _PACKAGES}
    tool = subprocess.run([options.tool, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    machine = {"machine": platform.machine(), "kernel": platform.release(), "processor": processor()}
    if options.link:
        machine["link"] = options.link
    return {**machine, "python": platform.python_version(), "threads": options.threads, "ours": tool, **versions}


def processor() -> str:
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor()


def write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
