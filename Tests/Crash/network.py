"""Lets requests of the jobs that use S3 or the catalogue fail as networks and servers do; some runs are killed meanwhile.

Connections are reset before or after the server did its work, answers are cut, slow or other ones, servers refuse for
the moment. A run must ride out what is rare; whatever it ends with, what readers see must be true, and a rerun without
faults must end as an undisturbed run does.
"""

import attempts
import command_line
import faults
from proxy import FAULTS, Proxy

# Rare faults are ridden out; frequent ones may be too many for one file.
FREQUENT, RARE = 4, 20
_proxies = {}


def proxy(upstream):
    if upstream not in _proxies:
        _proxies[upstream] = Proxy(upstream)
    return _proxies[upstream]


def attempt(site, job, chances, outcome):
    site.prepare(job)
    one_in = chances.choice([FREQUENT, RARE, RARE, RARE])
    kinds = FAULTS if chances.random() < 0.5 else [chances.choice(FAULTS)]
    storage = proxy(site.setup.gateway.endpoint)
    catalogue = proxy(site.setup.catalogue)
    # Of a catalogue's documents nobody can tell that a bit is another one.
    answered = [kind for kind in kinds if kind != "flip"]
    storage.spoil(chances, one_in, kinds)
    catalogue.spoil(chances, one_in if answered else 0, answered)
    is_to_die = chances.random() < 0.25
    running = site.start(job, endpoint=storage.url, catalogue=catalogue.url + "/v1")
    if is_to_die:
        running.kill_after(chances.uniform(0, 2 * site.setup.seconds[job.name]))
    ending = running.wait()
    met = storage.told + catalogue.told
    storage.spoil(chances, 0)
    catalogue.spoil(chances, 0)
    outcome.is_hit = bool(met)
    outcome.what = (f"one in {one_in} requests meets {'/'.join(kinds)}{', then killed' if is_to_die else ''}; {len(met)} met; "
                    f"status {ending.status}; first {met[:1]}")
    # A copy with another bit costs its file, which the next run brings.
    allowed = (0, 3) if "flip" in kinds else (0,)
    if not ending.is_killed:
        is_tolerable = faults.is_tolerable(site, ending, outcome, named=["s3://", "http://", "_MSIL1C_"])
        if is_tolerable and one_in == RARE and ending.status not in allowed:
            outcome.fail("gives up", f"ends with {ending.status}: {ending.words}")
    attempts.look(site, job, outcome, "after the faults")
    attempts.rerun(site, job, outcome)


if __name__ == "__main__":
    command_line.main(__doc__, 400, attempt, "met", jobs_for=lambda jobs: [job for job in jobs if job.needs_gateway])
