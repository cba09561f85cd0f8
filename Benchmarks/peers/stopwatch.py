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
    prepare: Callable[[], None] = lambda: None
    seconds: list[float] = field(default_factory=list)
    # The same with what the system had not written yet, for programs that leave that to it.
    with_sync: list[float] = field(default_factory=list)

    def run(self, folder: str) -> None:
        self.prepare()
        os.sync()
        start = time.perf_counter()
        subprocess.run(self.arguments, check=True, env={**os.environ, **self.env}, stdout=subprocess.DEVNULL)
        self.seconds.append(time.perf_counter() - start)
        subprocess.run(["sync", "-f", folder], check=True)
        self.with_sync.append(time.perf_counter() - start)


def in_turn(commands: list[Command], rounds: int, folder: str) -> None:
    """Runs all commands once a round, in an order that moves on from round to round."""
    for number in range(rounds):
        for position in range(len(commands)):
            commands[(number + position) % len(commands)].run(folder)


def table(title: str, commands: list[Command]) -> tuple[str, list[dict]]:
    """Markdown and the same as rows; ratios are to the first command."""
    lines = [
        f"| {title} | median s | IQR s | time / ours | 95 % | median s with sync |",
        "|:--|--:|--:|--:|--:|--:|",
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
                "ratio_to_ours": ratio,
                "ratio_interval": interval,
            }
        )
        first = command is commands[0]
        cells = [
            f"**{command.name}**" if first else command.name,
            f"{median:.3f}",
            f"{low:.3f}–{high:.3f}",
            "1" if first else f"{ratio:.2f}",
            "" if first else f"{interval[0]:.2f}–{interval[1]:.2f}",
            f"{synced:.3f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n", rows
