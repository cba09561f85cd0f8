"""Lets calls of the tools fail as full, broken, read-only and vanished disks do, in targets and in sources.

A tool must end by itself with a status that it documents and name a path; what readers see then must be true; a rerun on
a sound disk must end as an undisturbed run does.
"""

import errno
import re

import attempts
import command_line
import shim
import states
import tools
import trees

FULL = [errno.ENOSPC, errno.EDQUOT]
BROKEN = [errno.EIO, errno.ESTALE]
# Which errors a kind of call can meet.
ERRORS = {
    **dict.fromkeys(["create", "write", "mkdir", "truncate"], [*FULL, *BROKEN, errno.EROFS]),
    **dict.fromkeys(["rename", "link"], [*FULL, *BROKEN, errno.EROFS]),
    **dict.fromkeys(["unlink", "rmdir", "utime"], [*BROKEN, errno.EROFS]),
    **dict.fromkeys(["sync", "close"], [*FULL, *BROKEN]),
    **dict.fromkeys(["open", "read", "list", "stat"], BROKEN),
    "clone": [errno.EIO, errno.ENOSPC, errno.EXDEV, errno.EOPNOTSUPP],
}
# Everything of a kind fails from a moment on.
DISASTERS = [
    (["create", "write", "mkdir", "truncate"], FULL),
    (["create", "write", "rename", "unlink", "mkdir", "rmdir", "truncate", "utime", "link"], [errno.EROFS]),
    ([kind for kind in ERRORS if kind != "clone"], BROKEN),
]
STATUSES = (0, 1, 3, 75)
SOURCES = 0.25


def fault_plan(counts, chances):
    """One call that fails, or all of some kinds from a call on."""
    if chances.random() < 0.15:
        kinds, errors = chances.choice(DISASTERS)
        kinds = [kind for kind in kinds if counts.get(kind)]
        at = chances.randint(1, sum(counts[kind] for kind in kinds))
        return shim.Plan(kinds, at=at, errors=[chances.choice(errors)], sticky=True)
    kind = chances.choice([kind for kind in ERRORS if counts.get(kind)])
    code = chances.choice(ERRORS[kind])
    short = kind == "write" and code in FULL and chances.random() < 0.5
    return shim.Plan([kind], at=chances.randint(1, counts[kind]), errors=[code], sticky=short or chances.random() < 0.2, short=short)


def attempt(site, job, chances, outcome):
    site.prepare(job)
    if job.sources and chances.random() < SOURCES:
        source_fault(site, job, chances, outcome)
    else:
        target_fault(site, job, chances, outcome)
    attempts.look(site, job, outcome, "after the fault")
    attempts.rerun(site, job, outcome)


def target_fault(site, job, chances, outcome):
    plan = fault_plan(site.setup.counts[job.name], chances)
    ending = site.run(job, plan)
    counts = site.counts()
    outcome.what = f"{plan}; status {ending.status}; first {short(site, counts.first)}"
    outcome.is_hit = counts.hits > 0
    if not is_tolerable(site, ending, outcome) or not counts.hits:
        return
    # What was only looked at may be the reason to end; then there was no lack of space.
    if plan.errors[0] in FULL and ending.status in (1, 3):
        outcome.fail("not 75", f"a full disk ends with {ending.status}: {ending.words}")
    if ending.status == 0:
        site.look_up(job)
        if differences := site.differences(job):
            if not all(".lock" in words and words.endswith("is left") for words in differences):
                outcome.fail("claims done", attempts.clipped(differences))


def short(site, text):
    return text.replace(str(site.folder), "…").replace(str(site.setup.base), "…")


def is_tolerable(site, ending, outcome, named=()):
    """Whether the tool ended as it may, with words that help: a path, or another text that names what failed."""
    named = (str(site.setup.base), *named)
    if ending.status == tools.HANG:
        outcome.fail("hang", f"does not end within {tools.SECONDS} s: {ending.words}")
    elif ending.status not in STATUSES:
        outcome.fail("crash", f"ends with {ending.status}: {ending.words}")
    elif ending.status and not any(
        " error " in line and any(name in line for name in named) for line in ending.output.split("\n")
    ):
        outcome.fail("names nothing", f"ends with {ending.status}: {ending.words}")
    return ending.status in STATUSES


# MARK: sources

PRODUCT = re.compile(r"(.*\.SAFE)/")
# What declares the unit of a file complete, for each format.
UNITS = [
    (PRODUCT, "manifest.safe"),
    (re.compile(r"(35VLH/2024/\d\dm)/"), "zarr.json"),
    (re.compile(r"(35/V/LH/\d+/\d+/[^/]+)/"), "MTD_MSIL1C.xml"),
]
DECLARING = re.compile(r"(^|/)(zarr\.json|manifest\.safe|MTD_MSIL1C\.xml|checksums\.md5)$")
# Mirrors that could not read everything remove nothing, and say so.
REMOVES_NOTHING = "nothing is removed, because some files failed"


def source_fault(site, job, chances, outcome):
    """One file of the source cannot be read: it is named, everything else goes on, what would declare its unit is held back."""
    source = site.fill(chances.choice(job.sources))
    is_conversion = job.command[0].startswith("safe2")
    files = [name for name, value in trees.tree(source).items() if value and not trees.is_hidden(name)]
    files = sorted(name for name in files if not is_conversion or PRODUCT.match(name) and re.search(r"_B..\.jp2|MTD_\w+\.xml", name))
    name = chances.choice(files)
    plan = shim.Plan(["read"], at=1, errors=[errno.EIO], path=f"{source}/{name}", sticky=True)
    before = declared_dates(site, job)
    ending = site.run(job, plan)
    outcome.is_hit = site.counts().hits > 0
    outcome.what = f"reading the source's {name} fails; status {ending.status}"
    if not is_tolerable(site, ending, outcome) or not outcome.is_hit:
        return
    # A date of the middle that cannot be read may keep all later ones from being written.
    if ending.status != 3 and not (is_conversion and ending.status == 1):
        outcome.fail("source: status", f"ends with {ending.status}, not 3: {ending.words}")
    if name.rsplit("/", 1)[-1] not in ending.output:
        outcome.fail("source: not named", ending.words)
    if is_conversion:
        check_dates(site, job, before, PRODUCT.match(name)[1], outcome)
    else:
        check_rest(site, job, name, source.rsplit("/", 2), outcome, keeps=REMOVES_NOTHING in ending.output)


def declared_dates(site, job):
    """The products of each datacube."""
    found = {}
    for name in job.looks:
        root = site.folder / name
        for cube, resolution, _ in states.cubes(root, trees.tree(root)):
            with cube:
                try:
                    found[name, resolution] = {str(product) for product in cube.group()["product_id"][...]}
                except Exception:
                    continue
    return found


def check_dates(site, job, before, product, outcome):
    """A product that cannot be read costs no date that was there, and no other one that came."""
    if "cubes" not in sum(job.looks.values(), []):
        return
    product = product.rsplit("/", 1)[-1].removesuffix(".SAFE")
    after = declared_dates(site, job)
    wanted = {path.name.removesuffix(".SAFE") for path in site.setup.archive.joinpath("safe", "all").rglob("*.SAFE")}
    for key in before.keys() | after.keys():
        lost = (before.get(key, set()) & wanted) - after.get(key, set())
        missing = wanted - {product} - after.get(key, set()) if product not in before.get(key, set()) else set()
        # Another processing of the same datatake takes a date's place.
        lost = {name for name in lost if not any(other.split("_")[2] == name.split("_")[2] for other in after.get(key, set()))}
        missing = {name for name in missing if not any(other.split("_")[2] == name.split("_")[2] for other in after.get(key, set()))}
        if lost:
            outcome.fail("source: dates lost", f"{key}: {sorted(lost)} were there before")
        elif missing:
            outcome.fail("source: stops others", f"{key}: {sorted(missing)} are missing")


def check_rest(site, job, name, place, outcome, keeps):
    """All but the file and what declares units has arrived, and the file's unit is not declared anew; what has no source any
    more may be there still where the tool `keeps` it."""
    site.look_up(job)
    found, expected = site.trees(job), site.setup.final[job.name]
    format = place[-1] if place[-1] in job.looks else place[-2]
    for tree in expected:
        late = [path for path in trees_differ(found[tree], expected[tree]) if not DECLARING.search(path) and ".lock" not in path
                and not (tree.endswith(format) and (path == name or path.endswith("/") and name.startswith(path)))
                and not (keeps and path not in expected[tree])]
        if late:
            outcome.fail("source: stops others", f"{tree}: {attempts.clipped(late)}")
    trees_of_format = [tree for tree in expected if tree.removeprefix("bucket ") == format and ("bucket" in tree or not job.buckets)]
    for pattern, declaration in UNITS:
        if match := pattern.match(name):
            path = f"{match[1]}/{declaration}"
            for tree in trees_of_format:
                # One that an earlier run left for the same bytes is still true.
                was_there = name in found[tree] and found[tree][name] == expected[tree].get(name)
                if path != name and not was_there and path in found[tree] and found[tree][path] == expected[tree].get(path):
                    outcome.fail("source: declared", f"{tree}: {path} is there, {name} is not")


def trees_differ(found, expected):
    return sorted(path for path in found.keys() | expected.keys() if found.get(path) != expected.get(path))


if __name__ == "__main__":
    command_line.main(__doc__, 2400, attempt, "met")
