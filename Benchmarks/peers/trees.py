"""Trees of files: how large, a part of one, and whether a copy is whole."""

import math
import os
import shutil
import subprocess
from typing import Callable


def paths(folder: str) -> list[str]:
    """The visible files below a folder, relative to it; names that begin with a dot are locks and unfinished files."""
    found = []
    for directory, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.relpath(os.path.join(directory, name), folder) for name in names if not name.startswith(".")]
    return sorted(found)


def sizes(folder: str) -> dict[str, int]:
    return {path: os.path.getsize(os.path.join(folder, path)) for path in paths(folder)}


def measure(folder: str) -> tuple[int, int]:
    """Number of files and their bytes; reading them all brings them into the page cache."""
    count = size = 0
    for path in paths(folder):
        with open(os.path.join(folder, path), "rb") as file:
            size += len(file.read())
        count += 1
    return count, size


def link_part(source: str, target: str, unit: Callable[[str], str], most_bytes: int, most_units: int) -> None:
    """Hard links to every k-th unit of a tree, so that the part has about so many bytes and the same kinds of files.

    `unit` names what a path belongs to and may not be torn from; paths without one stay behind.
    """
    shutil.rmtree(target, ignore_errors=True)
    units: dict[str, list[str]] = {}
    for path in paths(source):
        if unit(path):
            units.setdefault(unit(path), []).append(path)
    total = sum(os.path.getsize(os.path.join(source, path)) for part in units.values() for path in part)
    step = max(1, math.ceil(total / most_bytes), math.ceil(len(units) / most_units))
    for name in sorted(units)[::step]:
        for path in units[name]:
            os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)
            os.link(os.path.join(source, path), os.path.join(target, path))


def branches(folder: str, wanted: int) -> tuple[list[str], list[str]]:
    """Cuts a tree into at least so many folders, or none where it has fewer, and the files that lie beside these."""
    folders, files = [""], []
    while folders and len(folders) < wanted:
        parents, folders = folders, []
        for parent in parents:
            for name in sorted(os.listdir(os.path.join(folder, parent))):
                path = os.path.join(parent, name)
                (folders if os.path.isdir(os.path.join(folder, path)) else files).append(path)
    return folders, files


def put_aside(folder: str, aside: str) -> None:
    """Leaves an empty folder; what was in it goes elsewhere on the same file system, without its bytes.

    ext4 gives no inode out again within a minute of its removal, and looks at each such one whenever it makes a file:
    after the removal of a thousand files the next thousand would cost every program twice its time.
    """
    if os.path.exists(folder):
        for path in paths(folder):
            os.truncate(os.path.join(folder, path), 0)
        os.renames(folder, aside)
    os.makedirs(folder)


def prove_whole(name: str, source: str, copy: str) -> None:
    """Whatever is fast must also have copied everything; our tools add files of their own."""
    found = subprocess.run(["diff", "-rq", source, copy], capture_output=True, text=True).stdout.splitlines()
    missing = [line for line in found if not line.startswith(f"Only in {copy}")]
    if missing:
        raise ValueError(f"{name}: {missing[0]}")
