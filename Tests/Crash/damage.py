"""Damages files of all formats on all storages: each must be named, and the command that is named must bring it back.

Bits flip, files are lost, cut, swapped and too many. One verification tells of a round's damage: all of it and nothing else.
What it names is run as it stands; then the tree must be byte for byte as it was, and the verification content.
"""

import argparse
import collections
import itertools
import sys
import time

import attempts
import trees
from damage_kinds import KINDS, MOST, UNIT, Tree, unit
from damage_reruns import RERUNS
from damage_site import FORMATS, STORAGES, Lab
from jobs import LAYOUTS

# Of others so many for each lost file.
SHARES = {"cut": 0.25, "swapped": 0.25, "extra": 0.15, **dict.fromkeys(RERUNS, 0.1)}
PLACES = [(storage, format) for format in FORMATS for storage in STORAGES]
CUBES = [("network", "zarr"), ("network", "shardzarr")]


class Suite:
    def __init__(self, lab, options):
        self.lab, self.options = lab, options
        self.trees = {key: Tree(place, key[1]) for key, place in lab.places.items()}
        # By place and kind: files that were damaged, named, brought back.
        self.counts = collections.defaultdict(lambda: [0, 0, 0])
        self.misses = 0

    def round(self, storage, format, kind, number, most):
        """Does some damage and has it made good; how many files were damaged."""
        chances = attempts.chances(self.options.seed, f"{storage}/{format}/{kind}", number)
        tree = self.trees[storage, format]
        if kind in RERUNS:
            *counts, misses = RERUNS[kind](self.lab, tree, chances)
        else:
            *counts, misses = self.damage(storage, format, KINDS[kind](tree, chances, most))
        key = (storage, format, kind)
        self.counts[key] = [sum(pair) for pair in zip(self.counts[key], counts)]
        self.lab.places[storage, format].reset()
        if misses:
            self.misses += 1
            print(f"\n{storage} {format} {kind} {number}: {attempts.clipped(misses)}\n    again: {sys.executable} {sys.argv[0]} "
                  f"{self.options.bin} --only '{'/'.join(key)}' --round {number} --most {most} --seed {self.options.seed}", flush=True)
        return counts[0]

    def damage(self, storage, format, expected):
        """Lets the verification tell, and does what it says; files damaged, named, brought back, and what went wrong."""
        if not expected:
            return 0, 0, 0, []
        place = self.lab.places[storage, format]
        findings, misses = self.lab.verify(storage, format)
        unnamed, strange = compare(place, expected, findings)
        misses += [f"{name} is not named" for name in unnamed] + [f"{name} is named" for name in strange]
        for command in dict.fromkeys(complete(finding, storage, format) for finding in findings):
            ending = self.lab.run(command)
            if ending.status != 0:
                misses.append(f"`{command}` ends with {ending.status}: {ending.words}")
        found = place.tree()
        misses += trees.differences(found, place.expected)
        left, why = self.lab.verify(storage, format)
        misses += [f"{finding.path} {finding.what} after that" for finding in left] + why
        restored = sum(found.get(file(name)) == place.expected.get(file(name)) for name in expected)
        return len(expected), len(expected) - len(unnamed), restored, misses

    def look_around(self):
        """What was made good has cost nothing elsewhere."""
        for (storage, format), place in self.lab.places.items():
            if differences := trees.differences(place.tree(), place.expected):
                self.misses += 1
                print(f"\n{storage} {format} has changed: {attempts.clipped(differences)}")

    def table(self):
        rows = [("storage", "format", "kind", "tried", "found", "restored")]
        kinds = [*KINDS, *RERUNS]
        for kind in kinds:
            mine = {key: counts for key, counts in self.counts.items() if key[2] == kind and counts[0]}
            rows += [(*key, *mine[key]) for key in sorted(mine, key=lambda key: PLACES.index(key[:2]))]
            rows.append(("all", "", kind, *(sum(counts[column] for counts in mine.values()) for column in range(3))))
        widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
        print()
        for row in rows:
            texts, numbers = zip(row[:3], widths), zip(row[3:], widths[3:])
            cells = [cell.ljust(width) for cell, width in texts] + [str(cell).rjust(width) for cell, width in numbers]
            print("  ".join(cells))


def complete(finding, storage, format):
    """The command that is named; an archive that cannot be opened cannot tell how it was cut into chunks."""
    is_unreadable = (storage, format) == ("network", "zipzarr") and finding.path.endswith(".zip")
    return " ".join([finding.command, *LAYOUTS[format][2:]]) if is_unreadable else finding.command


def file(name):
    """The file that has an entry of an archive."""
    return name.split(".zip/")[0] + ".zip" if ".zip/" in name else name


def compare(place, expected, findings):
    """Which damage is not told, and what is told without damage."""
    told = {(finding.path.removeprefix(place.prefix + "/"), finding.what) for finding in findings}
    units = {unit(name) or name for name, what in expected.items() if what == UNIT}
    of_units = {path: name for path, _ in told for name in units if path == name or path.startswith(name + "/")}
    unnamed = [
        name for name, what in expected.items()
        if ((unit(name) or name) not in of_units.values() if what == UNIT else (name, what) not in told)
    ]
    strange = [(path, what) for path, what in sorted(told) if expected.get(path) != what and path not in of_units]
    return unnamed, [f"{path} ({what})" for path, what in strange]


def run(suite, options):
    totals = {"flipped": options.flips, "lost": options.lost}
    totals |= {kind: max(1, round(options.lost * share)) for kind, share in SHARES.items()}
    for kind, total in totals.items():
        done, start = 0, time.monotonic()
        # So few at a time that all places have their turn.
        most = max(1, min(MOST, total // len(PLACES)))
        turns = ((*place, number) for number in itertools.count() for place in (CUBES if kind in RERUNS else PLACES))
        for storage, format, number in turns:
            done += suite.round(storage, format, kind, number, most)
            if done >= total:
                break
        print(f"{done} files {kind}, {time.monotonic() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", help="folder of the tools")
    parser.add_argument("--flips", type=int, default=1000, help="bits in all (default: 1000)")
    parser.add_argument("--lost", type=int, default=200, help="lost files in all, others in proportion (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed does the same damage (default: 1)")
    parser.add_argument("--only", help="only this storage/format/kind")
    parser.add_argument("--round", type=int, default=0, dest="number", help="that round of it")
    parser.add_argument("--most", type=int, default=MOST, help="that many files at most in the round")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    start = time.monotonic()
    lab = Lab(options.bin)
    print(f"everything made, mirrored and staged: {time.monotonic() - start:.0f} s", flush=True)
    try:
        suite = Suite(lab, options)
        if options.only:
            suite.round(*options.only.split("/"), options.number, options.most)
        else:
            run(suite, options)
        suite.look_around()
    finally:
        lab.end()
    suite.table()
    print(f"\n{time.monotonic() - start:.0f} s; " + (f"{suite.misses} rounds missed something" if suite.misses else "all well"))
    sys.exit(1 if suite.misses else 0)


if __name__ == "__main__":
    main()
