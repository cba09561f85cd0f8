"""Kills the tools at any instant: what readers see then must be true, and a rerun must end as an undisturbed run does.

A kill comes at a random time, or right before a random call that changes files; half of these are of a kind that is drawn
first, since there are hundreds of writes for each removal. Some runs are killed several times, some lie dead without being
waited for.
"""

import command_line
import attempts
import shim


def kill_plan(job_counts, chances):
    """Which call is the last."""
    kinds = [kind for kind in shim.CHANGES if job_counts.get(kind)]
    if chances.random() < 0.5:
        kinds = [chances.choice(kinds)]
    at = chances.randint(1, sum(job_counts[kind] for kind in kinds))
    return shim.Plan(kinds, at=at, short="write" in kinds and chances.random() < 0.5)


def killed(site, job, chances):
    """A run that is killed unless it ends before; its words, and the run, which nobody waited for yet."""
    if chances.random() < 0.25:
        seconds = chances.uniform(0, site.setup.seconds[job.name])
        running = site.start(job)
        running.kill_after(seconds)
        return f"is killed after {seconds:.3f} s", running
    plan = kill_plan(site.setup.counts[job.name], chances)
    running = site.start(job, plan)
    return str(plan), running


def attempt(site, job, chances, outcome):
    site.prepare(job)
    is_zombie = chances.random() < 0.1
    kills = chances.randint(2, 3) if not is_zombie and chances.random() < 0.15 else 1
    for number in range(kills):
        words, running = killed(site, job, chances)
        outcome.what += (", then " if number else "") + words
        if is_zombie:
            running.await_zombie()
        else:
            ending = running.wait()
            outcome.is_hit |= ending.is_killed
            if not ending.is_killed and ending.status != 0:
                outcome.fail("rerun fails", f"run {number + 1}, which was not killed, ends with {ending.status}: {ending.words}")
        attempts.look(site, job, outcome, "after the kill")
    if not is_zombie:
        return attempts.rerun(site, job, outcome)
    outcome.what += ", and is not waited for"
    before = len(outcome.failures)
    attempts.rerun(site, job, outcome)
    outcome.is_hit |= running.wait().is_killed
    if any(category == "rerun fails" for category, _ in outcome.failures[before:]):
        # The rest follows from that.
        outcome.failures[before:] = [("zombie", outcome.failures[before][1])]


if __name__ == "__main__":
    command_line.main(__doc__, 2400, attempt, "killed")
