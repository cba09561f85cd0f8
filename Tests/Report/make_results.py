"""Writes results files as patch-bench does, with all that a report has to show: failures, samples that do not count, long names."""

import json
import math
import random
import statistics
import sys

SHAPES = {"10m": [150, 4, 510, 510], "20m": [150, 6, 255, 255], "60m": [150, 3, 85, 85]}
PATCH_BYTES = sum(2 * math.prod(shape) for shape in SHAPES.values())
# Seconds a patch, as others published them.
MEANS = {
    "network": {"safe": 104, "safe_no_index": 310, "cog": 20, "zarr": 8, "shardzarr": 3.1, "zipzarr": 8.3},
    "s3": {"safe": 63, "cog": 12.1, "zarr": 11, "shardzarr": 4},
    "temp": {"safe": 24, "cog": 4.1, "zarr": 1.41, "shardzarr": 0.62, "zipzarr": 1.42},
}
LONG = "a_format_whose_name_is_much_longer_than_anyone_would_want_it_to_be_<b>&\"'"


def geometric(values):
    logs = [math.log(value) for value in values]
    margin = 2.0 * statistics.stdev(logs) / math.sqrt(len(logs))
    mean = statistics.mean(logs)
    return math.exp(mean), [math.exp(mean - margin), math.exp(mean + margin)]


def sample(number, seconds, excluded):
    return {
        "round": number, "durations": [seconds], "wall_clock": seconds, "rate": 1 / seconds, "files": 1800,
        "resident_before": 0.02, "bytes_read": 400 << 20, "read_calls": 5200, "opens": 1800, "disk_bytes": 390 << 20,
        "decoded_bytes": 900 << 20, "user_seconds": seconds * 3, "system_seconds": seconds / 5, "peak_memory": 900 << 20,
        **({"excluded": excluded} if excluded else {}),
    }


def source(mean, rounds, noise, failures=()):
    samples = []
    for number in range(1, rounds + 1):
        excluded = "12 % of the ranges were in the page cache" if number == 4 and mean == 8 else None
        samples.append(sample(number, mean * noise[number - 1] * math.exp(random.gauss(0, 0.08)), excluded))
    counted = [entry["durations"][0] for entry in samples if "excluded" not in entry]
    if failures:
        counted, samples = [], []
    nothing = {"mean_durations": "nan", "std_durations": 0, "stderr_durations": "nan", "p50": "nan", "patches_per_second": "nan"}
    entry = {
        "durations": counted, "band_group_shapes": SHAPES, "total_duration": sum(counted), "warm_up_durations": [mean],
        "samples": samples, "patch_bytes": PATCH_BYTES, "failures": list(failures), **nothing,
    }
    if counted:
        deviation = statistics.stdev(counted)
        center, interval = geometric(counted)
        entry |= {
            "mean_durations": statistics.mean(counted), "std_durations": deviation,
            "stderr_durations": deviation / math.sqrt(len(counted)), "geometric_mean": center, "interval": interval,
            "p50": statistics.median(counted), "patches_per_second": 1 / center,
            "ceiling": {"means": "direct reads", "seconds": {}, "share": 0.71, "interval": [0.66, 0.77]},
        }
        if len(counted) >= 20:
            entry["p95"] = sorted(counted)[int(len(counted) * 0.95)]
    return entry


def comparisons(results, count):
    names = [(f"{place} {form}", entry) for place in results for form, entry in results[place].items() if entry["durations"]]
    pairs = []
    for position, (a, first) in enumerate(names):
        for b, second in names[position + 1:]:
            ratio = second["geometric_mean"] / first["geometric_mean"]
            different = None if count < 5 else abs(math.log(ratio)) > 0.1
            pairs.append({
                "a": a, "b": b, "rounds": count, "ratio": ratio, "interval": [ratio * 0.93, ratio * 1.07],
                "p": 0.0002 if different else 0.4, **({} if different is None else {"different": different}),
            })
    return pairs


def throughput(results):
    steps = []
    for place in results:
        for form, entry in results[place].items():
            if not entry["durations"]:
                continue
            for workers in (1, 2, 4, 8, 16):
                rate = workers / entry["geometric_mean"] / (1 + workers / 12)
                steps.append({
                    "source": f"{place} {form}", "workers": workers, "patches_per_second": rate,
                    "interval": [rate * 0.9, rate * 1.1],
                })
    return steps


def environment(host):
    return {
        "host": host, "system": "Debian GNU/Linux 12 (bookworm), kernel 6.1.0-18-amd64", "memory": 188 << 30, "job": "21034567",
        "processor": "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", "processors": 40, "memory_limit": 80 << 30,
        "file_systems": {"/scratch/project_2001234/zarr": "lustre", "/run/nvme/job_21034567/data/zarr": "xfs"},
        "command": ["patch-bench", "run", "--storages", "network", "temp", "s3", "--cache", "cold", "--num_repeats", "30"],
        "libraries": {"Blosc": "1.21.3", "curl": "libcurl/7.88.1 OpenSSL/3.0.15 zlib/1.2.13", "OpenJPEG": "2.5.0"},
        "mounts": {"/run/nvme/job_21034567/data/zarr": {
            "mount": "/run/nvme", "type": "xfs", "options": "rw,relatime,attr2,inode64,logbufs=8", "device": "/dev/nvme0n1p1",
            "rotational": False, "model": "SAMSUNG MZ1LB1T9HALS-00007"}},
        "load_average": 3.2, "busy_before": 0.04,
    }


def results(name, seed, rounds, doubts=(), slower=1.0):
    random.seed(42)
    noise = [math.exp(random.gauss(0, 0.2)) for _ in range(rounds)]
    random.seed(seed)
    measured = {place: {form: source(mean * slower, rounds, noise) for form, mean in forms.items()} for place, forms in MEANS.items()}
    failures = [f"round {number}: 503 SlowDown; try again later" for number in range(1, 9)]
    measured["s3"]["zipzarr"] = source(9, rounds, noise, failures)
    measured["temp"][LONG] = source(2, rounds, noise)
    control = {"a": "temp shardzarr", "b": "temp shardzarr again", "rounds": rounds, "ratio": 1.004, "interval": [0.98, 1.03], "p": 0.7,
               **({"different": False} if rounds >= 5 else {})}
    copies = {
        form: {"seconds": seconds, "bytes": 192 << 30, "files": files, "already_there": 0, "failed": 0, "tile_years": ["35VLH/2024"]}
        for form, seconds, files in (("safe", 1440, 13332), ("cog", 660, 768), ("zarr", 4260, 24487), ("shardzarr", 640, 900))
    }
    return {
        "version": "0.1.0", "reader": "patch-bench", "created": f"2026-11-2{seed}T09:50:31.000Z", "tile": "35VLH", "year": 2024,
        "seed": 42, "num_repeats": rounds, "patch_size": 5100, "area": [300000, 6800040, 409800, 6690240], "cache": "cold",
        "workers": 1, "threads": 40, "products": [f"S2A_MSIL1C_{date}" for date in range(150)], "synthetic": False,
        "patches": [{"x": 300000 + 60 * number, "y": 6800040, "checksums": {"10m": number}} for number in range(rounds)],
        "environment": environment(name), "results": measured, "comparisons": comparisons(measured, rounds), "control": control,
        "shared_device": [],
        "validity": {"verdict": "doubtful" if doubts else "valid", "reasons": list(doubts),
                     "warnings": ["evicting files does not reach the caches of the file server: cold means cold on this node"]},
        "stop": {"rule": "rounds", "rounds": rounds, "seconds": 7260.5}, "throughput": throughput(measured),
        "training": [
            {"source": "temp shardzarr", "workers": workers, "prefetch": 2, "step_ms": 200, "utilisation": min(1, 0.25 * workers),
             "interval": [0.2 * workers, min(1, 0.3 * workers)]} for workers in (1, 2, 4)],
        "staging": {"version": "0.1.0", "created": "2026-11-20T09:00:00Z", "host": name, "from": "network", "copies": copies},
        "budgets": [
            {"storage": "network", "format": "zarr", "takes": {"files": 24487, "bytes": 192 << 30}, "quota": {"files": 500000, "bytes": 250 << 30}},
            {"storage": "network", "format": "safe", "takes": {"files": 13332, "bytes": 115 << 30}, "quota": {"files": 500000, "bytes": 250 << 30}},
        ],
    }


def write(folder):
    """Writes a valid run, a doubtful one with another machine and few rounds, and one that resembles the first."""
    doubts = ["other processes kept 43 % of the processors busy", "network zarr: 9 of 30 rounds do not count"]
    runs = {
        "first": results("r07c01.bullx", 4, 30), "second": results("r07c02.bullx", 5, 30, slower=1.25),
        "doubtful": results("a-host-with-a-name-that-is-long.example.org", 6, 3, doubts),
    }
    paths = []
    for name, run in runs.items():
        paths.append(f"{folder}/{name}.json")
        with open(paths[-1], "w") as file:
            json.dump(run, file)
    return paths


if __name__ == "__main__":
    print(*write(sys.argv[1]))
