"""Runs the tools, to their end or to a moment of their lives."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# A run takes less than 2 s undisturbed.
SECONDS = 60
HANG = "hang"


@dataclass
class Ending:
    """`status` is negative for a signal, HANG for a run that had to be ended."""

    status: object
    output: str
    seconds: float

    @property
    def is_killed(self):
        return self.status == -signal.SIGKILL

    @property
    def words(self):
        return " | ".join(self.output.strip().split("\n")[-4:])


class Running:
    """A tool that was started; its output goes to a file, so that nobody has to read it meanwhile."""

    def __init__(self, command, variables, folder, output):
        self.output = Path(output)
        self.start = time.monotonic()
        with open(output, "wb") as stream:
            self.process = subprocess.Popen(
                command, cwd=folder, env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **variables},
                stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT,
            )

    def kill_after(self, seconds):
        """Sends SIGKILL then, unless the tool has ended by itself."""
        time.sleep(max(0, self.start + seconds - time.monotonic()))
        # Not through Popen, which would wait for it: a parent may be slow to do that.
        os.kill(self.process.pid, signal.SIGKILL)

    def await_zombie(self, seconds=SECONDS):
        """Waits until it has ended, and leaves its entry in the table of processes where it is."""
        end = time.monotonic() + seconds
        while not os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) and time.monotonic() < end:
            time.sleep(0.005)

    def wait(self, seconds=SECONDS):
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = HANG
        return Ending(status, self.output.read_text(errors="replace"), time.monotonic() - self.start)


def run(command, variables, folder, output, seconds=SECONDS):
    return Running(command, variables, folder, output).wait(seconds)
