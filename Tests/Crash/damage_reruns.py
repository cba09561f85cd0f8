"""The converter's own word on damage: what s2-status says before, what a plain rerun and one that reads all bytes make good."""

import trees
from damage_kinds import CHUNK, flip
from damage_site import TILE_YEAR
from jobs import LAYOUTS


def lost(lab, tree, chances):
    """Chunks are lost: the status says so, a plain rerun makes them again."""
    names = tree.draw(chances, chances.randint(1, 6), [name for name in tree.covered if CHUNK.search(name)])
    for name in names:
        tree.place.remove(name)
    is_told, words = tells_losses(lab, tree.format)
    misses = [] if is_told else [f"s2-status says nothing of {names[0]}: {words}"]
    return outcome(lab, tree, names, [], len(names) if is_told else 0, misses)


def flipped(lab, tree, chances):
    """Bits flip: a listing cannot tell, a rerun that reads all bytes can."""
    names = tree.draw(chances, chances.randint(1, 6), [name for name in tree.covered if CHUNK.search(name)])
    for name in names:
        data = bytearray(tree.place.read(name))
        flip(data, chances.randrange(8 * len(data)))
        tree.place.rot(name, bytes(data))
    return outcome(lab, tree, names, ["--verify", "checksum"], len(names), [])


def outcome(lab, tree, names, options, found, misses):
    """Damaged, found, brought back, and what went wrong, after a rerun of the converter."""
    ending = lab.run(["safe2zarr", *LAYOUTS[tree.format], *options])
    if ending.status != 0:
        misses.append(f"safe2zarr {' '.join(options)} ends with {ending.status}: {ending.words}")
    now = tree.place.tree()
    differences = trees.differences(now, tree.place.expected)
    restored = sum(now.get(name) == tree.place.expected[name] for name in names)
    is_told, words = tells_losses(lab, tree.format)
    if is_told:
        misses.append(f"s2-status still tells of losses: {words}")
    return len(names), found, restored, misses + differences


def tells_losses(lab, format):
    """Whether the format is work to do, for files that are lost."""
    ending = lab.run(["s2-status", "--no_s3", "--tile_id", TILE_YEAR[1], "--year", TILE_YEAR[3]])
    lines = [line for line in ending.output.split("\n") if f" {format}: " in line and "lost or damaged" in line]
    is_due = any(line.startswith(TILE_YEAR[1]) and format in line.split()[-3:] for line in ending.output.split("\n"))
    return bool(lines) and is_due, ending.words


RERUNS = {"rerun lost": lost, "rerun flipped": flipped}
