"""Folders as names and digests, and how two of them differ."""

import hashlib
import os
import shutil
from pathlib import Path


def tree(folder):
    """Each file below a folder with the digest of its bytes, each empty folder with a slash."""
    found = {}
    for path, folders, files in os.walk(folder):
        place = os.path.relpath(path, folder)
        prefix = "" if place == "." else place + "/"
        for name in files:
            with open(f"{path}/{name}", "rb") as file:
                found[prefix + name] = hashlib.blake2b(file.read(), digest_size=16).hexdigest()
        if not folders and not files and prefix:
            found[prefix] = ""
    return found


def digest(found):
    """One digest of a tree or of a part of one."""
    return hashlib.blake2b(repr(sorted(found.items())).encode(), digest_size=16).hexdigest()


def below(found, prefix):
    """The part of a tree that lies below a folder, by names within that folder."""
    return {name[len(prefix) :]: value for name, value in found.items() if name.startswith(prefix)}


def is_hidden(path):
    return any(part.startswith(".") for part in path.split("/"))


def differences(found, expected):
    """What is not as it should be, in words."""
    words = [f"{name} is missing" for name in expected if name not in found]
    words += [f"{name} is left" for name in found if name not in expected]
    words += [f"{name} has other bytes" for name in found if name in expected and found[name] != expected[name]]
    return sorted(words)


def copy(source, target):
    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)


def link(source, target):
    """Another folder with the same files, which nobody alters."""
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


def remove(folder):
    if Path(folder).exists():
        shutil.rmtree(folder)
