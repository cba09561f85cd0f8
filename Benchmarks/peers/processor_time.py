"""Processor time of processes, by the kernel's count."""

import glob
import os

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def seconds(processes: list[int]) -> float:
    """Of all threads, those that have ended too, since the processes began."""
    return sum(_seconds(process) for process in processes)


def _seconds(process: int) -> float:
    with open(f"/proc/{process}/stat") as file:
        # What precedes may hold blanks: the program's name, in brackets.
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * _TICK


def gateway() -> list[int]:
    """The processes of the Ceph gateway that scripts/bench-peers started, and of the store behind it."""
    return [_number(path) for path in glob.glob(os.path.join(os.environ.get("PEERS_GATEWAY", "/nowhere"), "pids", "*"))]


def _number(path: str) -> int:
    with open(path) as file:
        return int(file.read().split()[0])
