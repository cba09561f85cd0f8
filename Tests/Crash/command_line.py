"""What the programs of this folder have in common: options, the choice of attempts, the end."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import attempts
from jobs import all_jobs
from prepare import Prepared


def parse(text, count):
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", help="folder of the tools")
    parser.add_argument("--count", type=int, default=count, help=f"attempts in all (default: {count})")
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same attempts (default: the time)")
    parser.add_argument("--job", action="append", help="only jobs whose name begins so; repeatable")
    parser.add_argument("--try", type=int, dest="number", help="only this attempt of the job")
    parser.add_argument("--without-s3", action="store_true", help="leave out the jobs that need an S3 server")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = int(time.time()) % 1_000_000
    return options


def chosen_jobs(options):
    """By name: exactly for one attempt, else by its beginning."""
    wanted = options.job or [""]
    jobs = [job for job in all_jobs() if not (options.without_s3 and job.needs_gateway)]
    exact = [job for job in jobs if job.name in wanted]
    jobs = exact if options.number is not None and exact else [job for job in jobs if job.name.startswith(tuple(wanted))]
    assert jobs, f"no job of {', '.join(wanted)}"
    return jobs


def main(text, count, attempt, hit, jobs_for=lambda jobs: jobs):
    options = parse(text, count)
    jobs = jobs_for(chosen_jobs(options))
    print(f"seed {options.seed}", flush=True)
    start = time.monotonic()
    prepared = Prepared(options.bin, jobs)
    print(f"{len(jobs)} jobs undisturbed: {time.monotonic() - start:.0f} s", flush=True)
    kept = Path(tempfile.mkdtemp(prefix="dslab-failed-", dir="/tmp"))
    command = f"{Path(sys.executable)} {Path(sys.argv[0])} {options.bin}"
    try:
        if options.number is not None:
            todo = [(job.name, options.number) for job in jobs]
        else:
            numbers = attempts.numbers_of(jobs, options.count)
            # Turn by turn, so that a run that is ended early has tried all jobs.
            todo = [(job.name, number) for number in range(max(numbers.values())) for job in jobs if number < numbers[job.name]]
        outcomes = attempts.run(prepared, jobs, attempt, todo, options.seed, kept, command)
        altered = prepared.altered_sources()
    finally:
        prepared.end()
    is_well = attempts.table(outcomes, hit)
    if altered:
        print(f"sources were altered: {altered}")
    if not any(kept.iterdir()):
        kept.rmdir()
    print(f"\n{len(outcomes)} attempts of seed {options.seed} in {time.monotonic() - start:.0f} s; "
          + ("all well" if is_well and not altered else "not all well"))
    sys.exit(0 if is_well and not altered else 1)
