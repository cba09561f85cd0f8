"""A process that loads patches with one reader, when told to.

    worker.py READER LAYOUT STORAGE DATA PLAN SETTINGS

A line on standard input is the number of a round; the answer is a line of JSON with the seconds from planning to the
last pixel and the checksums of what came. The first line, before any input, says that metadata are read.
"""

import json
import sys
import time

from checksums import checksums
from dataset import Dataset
from plan import Plan
from readers import Job, make


def main() -> None:
    name, layout, storage, data, plan, settings = sys.argv[1:]
    reader = make(name, Job(layout, Dataset(data, Plan(plan), storage), json.loads(settings)))
    answer({"ready": True})
    for line in sys.stdin:
        if hasattr(reader, "forget"):
            reader.forget()
        start = time.perf_counter()
        arrays = reader.load(int(line))
        seconds = time.perf_counter() - start
        answer({"seconds": seconds, "checksums": checksums(arrays)})


def answer(content: dict) -> None:
    print(json.dumps(content), flush=True)


if __name__ == "__main__":
    main()
