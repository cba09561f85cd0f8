"""Kinds of damage: what is done to some files of a place, and what the verification must say of each."""

import io
import re
import zipfile

import trees
from faults import PRODUCT

MISSING, CHANGED, EXTRA = "is missing", "is not as listed", "is not listed"
# Of a damaged list the verification tells by its unit: as a reason, or by the files whose lines are not true any more.
UNIT = "its unit"
INVENTORY, MANIFEST = "checksums.md5", "manifest.safe"
UNITS = re.compile(r"35VLH/2024/\d\dm(?=/)|35/V/LH/2024/\d+/[^/]+(?=/)|.*\.SAFE(?=/)")
CHUNK = re.compile(r".*/data/c/\d+/")
STRANGERS = ["my notes.txt", "it's new"]
MOST = 30


def unit(name):
    """The product or the resolution that a file is of."""
    match = UNITS.match(name)
    return match and match[0]


class Tree:
    """What the verification promises to know of a place's files."""

    def __init__(self, place, format):
        self.place, self.format = place, format
        names = [name for name, mark in place.expected.items() if mark and not trees.is_hidden(name)]
        self.covered = sorted(filter(self.is_covered, names))
        # No list has the manifest itself.
        self.listed = [name for name in self.covered if not name.endswith("/" + MANIFEST)]
        self.sizes = {name: len(place.read(name)) for name in self.covered}

    def is_covered(self, name):
        """Pictures, schemas and indexes of products are in no manifest, groups above cubes in no inventory."""
        if self.format == "safe":
            product = PRODUCT.match(name)
            return bool(product) and name[len(product[0]) :] in [MANIFEST, *self.manifest(product[1])]
        return self.format == "zipzarr" or unit(name) is not None

    def manifest(self, product):
        return re.findall(r'href="(?:\./)?([^"]+)"', self.place.read(f"{product}/{MANIFEST}").decode())

    def draw(self, chances, count, names):
        """Some files: half of the draws by size, so that images are hit, half alike, so that documents are."""
        names, chosen = [name for name in names if self.sizes[name]], []
        while names and len(chosen) < count:
            weights = [self.sizes[name] for name in names] if chances.random() < 0.5 else None
            chosen += chances.choices(names, weights)
            names.remove(chosen[-1])
        return chosen

    def told(self, names, what):
        """What is to be said of files, all of them damaged."""
        return {name: UNIT if is_list(name) or self.format == "zipzarr" else what for name in names}


def is_list(name):
    return name.rsplit("/", 1)[-1] in (INVENTORY, MANIFEST)


def apart(names):
    """Without files whose list is damaged too: nothing can tell of them then."""
    lists = {unit(name) for name in names if is_list(name)}
    return [name for name in names if is_list(name) or unit(name) not in lists]


def flip(data, bit):
    data[bit // 8] ^= 1 << bit % 8


# MARK: kinds; each damages files, about so many at most, and returns what is to be said of each


def flips(tree, chances, most):
    """One bit each."""
    if tree.format == "zipzarr" and chances.random() < 0.5:
        return entry_flips(tree, chances, most)
    names = apart(tree.draw(chances, chances.randint(1, most), tree.listed))
    for name in names:
        data = bytearray(tree.place.read(name))
        flip(data, chances.randrange(8 * len(data)))
        tree.place.rot(name, bytes(data))
    return tree.told(names, CHANGED)


def entry_flips(tree, chances, most):
    """One bit in the contents of each of some entries of an archive; not of its inventories, which would tell of others."""
    [name] = tree.covered
    data = bytearray(tree.place.read(name))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if entry.file_size and not is_list(entry.filename)]
    chosen = chances.sample(entries, chances.randint(1, most))
    for entry in chosen:
        start = entry.header_offset + 30 + len(entry.filename)
        flip(data, 8 * start + chances.randrange(8 * entry.file_size))
    tree.place.rot(name, bytes(data))
    return {f"{name}/{entry.filename}": CHANGED for entry in chosen}


def losses(tree, chances, most):
    """Single files and others; an archive that is gone altogether leaves nothing that could tell."""
    if tree.format == "zipzarr":
        return {}
    lose = chances.choice([lost_file, lost_files, lost_folder, lost_dates, lost_arrays])
    names = apart(lose(tree, chances) or lost_file(tree, chances))
    for name in names:
        tree.place.remove(name)
    return tree.told(names, MISSING)


def lost_file(tree, chances):
    return tree.draw(chances, 1, tree.covered)


def lost_files(tree, chances):
    """Several of a unit."""
    [first] = lost_file(tree, chances)
    return tree.draw(chances, chances.randint(2, 8), [name for name in tree.covered if unit(name) == unit(first)])


def lost_folder(tree, chances):
    """All of a folder, unless it is the unit's own: of a unit that is gone altogether nothing is left that could tell."""
    folders = {name.rsplit("/", 1)[0] for name in tree.covered}
    folders = sorted(folder for folder in folders if unit(folder + "/") != folder)
    folder = folders and chances.choice(folders)
    return [name for name in tree.covered if folder and name.startswith(folder + "/")]


def lost_dates(tree, chances):
    """All chunks of some dates of a cube."""
    columns = sorted({match[0] for name in tree.covered if (match := CHUNK.match(name))})
    column = columns and chances.choice(columns)
    return [name for name in tree.covered if column and name.startswith(column)]


def lost_arrays(tree, chances):
    """Documents of arrays and of cubes."""
    documents = [name for name in tree.covered if name.endswith("/zarr.json")]
    return chances.sample(documents, min(len(documents), chances.randint(1, 4)))


def cuts(tree, chances, most):
    """Files that end early, at the beginning too."""
    names = apart(tree.draw(chances, chances.randint(1, most), tree.listed))
    for name in names:
        data = tree.place.read(name)
        tree.place.rot(name, data[: chances.choice([0, len(data) - 1, chances.randrange(len(data))])])
    return tree.told(names, CHANGED)


def swaps(tree, chances, most):
    """Files of the same size and other bytes, put in place by somebody."""
    names = apart(tree.draw(chances, chances.randint(1, most), tree.listed))
    for name in names:
        data = tree.place.read(name)
        other = chances.choice([bytes(len(data)), chances.randbytes(len(data)), data[1:] + data[:1]])
        tree.place.put(name, other if other != data else bytes([data[0] ^ 1]) + data[1:])
    return tree.told(names, CHANGED)


def extras(tree, chances, most):
    """Files that nobody lists, beside others; of products and archives they are nobody's business."""
    if tree.format in ("safe", "zipzarr"):
        return {}
    folders = sorted({name.rsplit("/", 1)[0] for name in tree.covered})
    chosen = chances.choices(folders, k=chances.randint(1, most))
    # Beside chunks also what may be taken for one.
    names = {f"{folder}/{chances.choice([*STRANGERS, *(['99'] if CHUNK.match(folder) else [])])}" for folder in chosen}
    for name in sorted(names):
        tree.place.put(name, chances.randbytes(100))
    return tree.told(sorted(names), EXTRA)


KINDS = {"flipped": flips, "lost": losses, "cut": cuts, "swapped": swaps, "extra": extras}
