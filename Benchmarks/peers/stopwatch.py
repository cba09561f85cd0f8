"""Timing whole commands, in turn."""

import os
import subprocess
import time
from dataclasses import dataclass, field
from typing import Callable

from summary import paired_ratio, quartiles


@dataclass
class Command:
    """A program to time. What it needs before each run, it gets with the clock stopped."""

    name: str
    arguments: list[str]
    env: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    # Both raise unless the run did all of its work: one after every run, one that takes longer after the first.
    check: Callable[[], None] = lambda: None
    prove: Callable[[], None] = lambda: None
    # Of commands that share a program only the fastest races; without one, a command races in any case.
    program: str = ""
    seconds: list[float] = field(default_factory=list)
    # The same with what the system had not written yet, for programs that leave that to it.
    with_sync: list[float] = field(default_factory=list)
    # Of the program and those that it started; a server's are not among them.
    processor_seconds: list[float] = field(default_factory=list)

    def run(self, folder: str) -> None:
        self.prepare()
        os.sync()
        start = time.perf_counter()
        used = run_measured(self.arguments, {**os.environ, **self.env})
        self.seconds.append(time.perf_counter() - start)
        subprocess.run(["sync", "-f", folder], check=True)
        self.with_sync.append(time.perf_counter() - start)
        self.processor_seconds.append(used)
        self.check()

    def forget(self) -> None:
        self.seconds, self.with_sync, self.processor_seconds = [], [], []


def run_measured(arguments: list[str], env: dict[str, str]) -> float:
    """Seconds of processor time that a program took."""
    process = subprocess.Popen(arguments, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return usage.ru_utime + usage.ru_stime


def fastest_of_each(commands: list[Command], folder: str) -> tuple[list[Command], dict[str, float]]:
    """Tries everyone once and leaves one command of each program in the race; also what each took when tried."""
    best: dict[str, Command] = {}
    tried = {}
    for command in commands:
        command.run(folder)
        command.prove()
        tried[command.name] = command.seconds[0]
        program = command.program or command.name
        if program not in best or command.seconds < best[program].seconds:
            best[program] = command
    for command in best.values():
        command.forget()
    return list(best.values()), tried


def in_turn(commands: list[Command], rounds: int, folder: str) -> None:
    """Runs all commands once a round, in an order that moves on from round to round."""
    for number in range(rounds):
        for position in range(len(commands)):
            commands[(number + position) % len(commands)].run(folder)


def table(title: str, commands: list[Command], size: int = 0) -> tuple[str, list[dict]]:
    """Markdown and the same as rows; ratios are to the first command, and rates where all move so many bytes."""
    rate = " MB/s |" if size else ""
    lines = [
        f"| {title} | median s | IQR s |{rate} time / ours | 95 % | median s with sync | processor s |",
        "|:--|--:|--:|--:|--:|--:|--:|" + ("--:|" if size else ""),
    ]
    rows = []
    for command in commands:
        low, median, high = quartiles(command.seconds)
        ratio, interval = paired_ratio(command.seconds, commands[0].seconds)
        synced = quartiles(command.with_sync)[1]
        rows.append(
            {
                "case": title,
                "contender": command.name,
                "seconds": command.seconds,
                "with_sync": command.with_sync,
                "processor_seconds": command.processor_seconds,
                "bytes": size,
                "ratio_to_ours": ratio,
                "ratio_interval": interval,
            }
        )
        first = command is commands[0]
        cells = [
            f"**{command.name}**" if first else command.name,
            f"{median:.3f}",
            f"{low:.3f}–{high:.3f}",
            *([f"{size / median / 1e6:.0f}"] if size else []),
            "1" if first else f"{ratio:.2f}",
            "" if first else f"{interval[0]:.2f}–{interval[1]:.2f}",
            f"{synced:.3f}",
            f"{quartiles(command.processor_seconds)[1]:.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n", rows
