"""Runs attempts of jobs on all processors, tells what went wrong in each, and sums up."""

import collections
import hashlib
import multiprocessing
import os
import random
import re
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import tools
import trees
from jobs import all_jobs
from site_of_tries import Site

RERUNS = 3
# Some 20 MB each.
KEPT = 100
# A lock in which nothing is but its owner's name.
EMPTY_LOCK = re.compile(r"/?\.[^/ ]*\.lock[^/ ]*/([0-9a-f]+/)?(owner)? is left$")


@dataclass
class Outcome:
    """What came of an attempt; a failure is a category and what there is to say."""

    job: str
    number: int
    what: str = ""
    is_hit: bool = False
    failures: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    seconds: float = 0

    def fail(self, category, words):
        self.failures.append((category, str(words)))


def chances(seed, job, number):
    """The same for the same attempt, whatever ran before it."""
    return random.Random(int.from_bytes(hashlib.blake2b(f"{seed}/{job}/{number}".encode(), digest_size=8).digest(), "big"))


def clipped(words):
    return "; ".join(words[:4]) + (f"; and {len(words) - 4} more" if len(words) > 4 else "")


def rerun(site, job, outcome):
    """Runs the tool undisturbed, again if it fails, and compares."""
    for attempt in range(1, RERUNS + 1):
        ending = site.run(job)
        if ending.status == 0:
            break
        outcome.fail("rerun fails", f"rerun {attempt} ends with {ending.status}: {ending.words}")
        # What waits for ever does so again.
        if ending.status == tools.HANG:
            break
    site.look_up(job)
    differences = site.differences(job)
    if differences and all(EMPTY_LOCK.search(words) for words in differences):
        # In nobody's way, but not what an undisturbed run leaves.
        outcome.fail("leaves a lock", clipped(differences))
    elif differences:
        outcome.fail("ends differently", clipped(differences))
    if problems := site.problems(job):
        outcome.fail("wrong at the end", clipped(problems))


def look(site, job, outcome, when):
    """Lets readers look at what a run left."""
    site.look_up(job)
    if problems := site.problems(job):
        keep(site, f"state-{len(outcome.failures)}")
        outcome.fail("wrong state", f"{when}: {clipped(problems)}")


def keep(site, name):
    """Keeps what is there now, unless much is kept already."""
    others = [path for path in site.kept.parent.iterdir() if path != site.kept]
    if len(others) < KEPT:
        site.keep(site.kept / name)


def likeness(words):
    """What stays of a failure's words when names of folders, numbers and dates are taken out."""
    return re.sub(r"[0-9a-f]{12,}|S2[AB]_MSIL1C_\w+|/\S+|\d+", "#", words)[:160]


_worker = None


def _begin(setup, seed, attempt, kept):
    global _worker
    _worker = (Site(setup, f"w{os.getpid()}"), seed, attempt, kept, {job.name: job for job in all_jobs()})


def _attempt(name, number):
    site, seed, attempt, kept, jobs = _worker
    outcome = Outcome(name, number)
    site.kept = Path(kept) / f"{name}-{number}"
    start = time.monotonic()
    try:
        attempt(site, jobs[name], chances(seed, name, number), outcome)
    except Exception:
        outcome.fail("driver", traceback.format_exc())
    outcome.seconds = time.monotonic() - start
    if outcome.failures:
        keep(site, "end")
    return outcome


def numbers_of(jobs, total):
    """How many attempts each job gets, at least one, by their weights."""
    weights = sum(job.weight for job in jobs)
    return {job.name: max(1, round(total * job.weight / weights)) for job in jobs}


def run(prepared, jobs, attempt, todo, seed, kept, command):
    """Makes attempts (job, number) and returns their outcomes; failures are told as they come, alike ones once."""
    outcomes, kinds = [], collections.Counter()
    workers = min(len(todo), int(os.environ.get("DSLAB_JOBS", 0)) or len(os.sched_getaffinity(0)))
    context = multiprocessing.get_context("spawn")
    arguments = (prepared.setup, seed, attempt, kept)
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=arguments) as pool:
        for future in as_completed([pool.submit(_attempt, *item) for item in todo]):
            outcome = future.result()
            outcomes.append(outcome)
            for category, words in outcome.failures:
                kind = (outcome.job, category, likeness(words))
                kinds[kind] += 1
                if kinds[kind] == 1:
                    print(f"\n{outcome.job} {outcome.number}: {category}\n    {outcome.what}\n    {words}\n"
                          f"    again: {command} --job {outcome.job} --try {outcome.number} --seed {seed}\n"
                          f"    kept: {kept}/{outcome.job}-{outcome.number}", flush=True)
            if len(outcomes) % 100 == 0:
                failed = sum(bool(outcome.failures) for outcome in outcomes)
                print(f"{len(outcomes)} of {len(todo)}, {failed} failed", flush=True)
    return outcomes


def table(outcomes, hit):
    """Prints a line for each job; whether all is well."""
    categories = sorted({category for outcome in outcomes for category, _ in outcome.failures})
    columns = ["job", "tries", hit, *categories, "failed", "seconds"]
    rows = []
    jobs = list(dict.fromkeys(job.name for job in all_jobs()))
    present = [name for name in jobs if any(outcome.job == name for outcome in outcomes)]
    for name in [*present, "all"]:
        mine = [outcome for outcome in outcomes if name in ("all", outcome.job)]
        counts = [sum(any(found == category for found, _ in outcome.failures) for outcome in mine) for category in categories]
        rows.append([name, len(mine), sum(outcome.is_hit for outcome in mine), *counts,
                     sum(bool(outcome.failures) for outcome in mine), round(sum(outcome.seconds for outcome in mine))])
    widths = [max(len(str(row[column])) for row in [columns, *rows]) for column in range(len(columns))]
    print()
    for row in [columns, *rows]:
        print("  ".join(str(cell).ljust(width) if column == 0 else str(cell).rjust(width)
                        for column, (cell, width) in enumerate(zip(row, widths))))
    return not any(outcome.failures for outcome in outcomes)
