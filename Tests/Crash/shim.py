"""Builds shim.c, tells it by variables what to do, and reads what it counted."""

import os
import struct
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("open create read write rename sync unlink mkdir rmdir truncate utime link clone list close stat "
         "connect send receive").split()
# A kill before one of the others leaves what a kill before the next of these does.
CHANGES = "create write rename sync unlink mkdir rmdir truncate utime link clone send".split()
SIZE = 4096


def build(folder):
    library = Path(folder) / "shim.so"
    source = Path(__file__).with_name("shim.c")
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


@dataclass
class Plan:
    """What shall happen to one run; the variables that shim.c describes."""

    kinds: list = field(default_factory=list)
    at: int = 0
    one_in: int = 0
    seed: int = 0
    errors: list = field(default_factory=list)
    path: str = ""
    sticky: bool = False
    short: bool = False

    def __str__(self):
        action = "fails with " + "/".join(os.strerror(code) for code in self.errors) if self.errors else "is killed"
        where = f" of {self.path}" if self.path else ""
        how = [word for word, is_set in [("half written", self.short), ("from then on", self.sticky)] if is_set]
        when = f"one in {self.one_in}" if self.one_in else f"number {self.at}"
        return f"{'/'.join(self.kinds)} {when}{where} {action}" + (f" ({', '.join(how)})" if how else "")

    def variables(self, library, root, state):
        Path(state).write_bytes(bytes(SIZE))
        return {
            "LD_PRELOAD": str(library), "SHIM_ROOT": str(root), "SHIM_STATE": str(state),
            "SHIM_KINDS": ",".join(self.kinds), "SHIM_AT": str(self.at), "SHIM_ONE_IN": str(self.one_in),
            "SHIM_SEED": str(self.seed), "SHIM_ERRNO": ",".join(map(str, self.errors)), "SHIM_PATH": self.path,
            "SHIM_STICKY": str(int(self.sticky)), "SHIM_SHORT": str(int(self.short)),
        }


@dataclass
class Counts:
    """What the shim saw of a run."""

    kinds: dict
    hits: int
    first: str


def read(state):
    data = Path(state).read_bytes()
    numbers = struct.unpack_from(f"{len(KINDS) + 2}Q", data)
    text = data[(len(KINDS) + 2) * 8 :][:1024].split(b"\0")[0].decode(errors="replace")
    return Counts({kind: count for kind, count in zip(KINDS, numbers) if count}, numbers[-1], text)
