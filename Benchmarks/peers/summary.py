"""What samples come to: median, spread, and ratios of the same rounds with their uncertainty, as `patch-bench` computes them."""

import json
import os
import subprocess

import numpy


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, median, high = numpy.percentile(values, [25, 50, 75])
    return float(low), float(median), float(high)


def compare(seconds: dict[str, list[float]], baseline: str) -> dict[str, dict]:
    """Each contender's time over the baseline's: ratio, 95 % interval and verdict, by `patch-bench compare`."""
    request = json.dumps({"contenders": seconds, "baseline": baseline})
    tool = os.path.join(os.environ["DSLAB_BIN"], "patch-bench")
    answer = subprocess.run([tool, "compare", "--quiet"], input=request, capture_output=True, text=True, check=True)
    return {
        found["b"] if found["a"] == baseline else found["a"]: _over(found, baseline)
        for found in json.loads(answer.stdout)
    }


def _over(found: dict, baseline: str) -> dict:
    ratio, ends = found["ratio"], [float(end) for end in found["interval"]]
    if found["a"] != baseline:
        ratio, ends = 1 / ratio, [1 / end if end else float("inf") for end in reversed(ends)]
    return {"ratio": ratio, "interval": ends, "different": found.get("different")}


def paired_ratio(values: list[float], ours: list[float]) -> tuple[float, list[float]]:
    """The geometric mean over rounds of `values` divided by `ours`, and its 95 % interval."""
    found = compare({"values": values, "ours": ours}, "ours")["values"]
    return found["ratio"], found["interval"]
