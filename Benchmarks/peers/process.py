"""Contenders as processes that load a patch when told to, so that they can take turns."""

import contextlib
import json
import os
import subprocess

from dataset import FOLDERS, Dataset


class Contender:
    """A running process; one line in, the number of a round, and one line out, what the load came to."""

    def __init__(self, name: str, command: list[str], env: dict[str, str] | None = None, log: str = os.devnull):
        self.name, self._log = name, log
        with open(log, "ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, **(env or {})},
                text=True,
            )

    @property
    def id(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        self._answer()

    def load(self, number: int) -> dict:
        """Seconds, and checksums where the process tells them at once."""
        # One that has ended says so by giving no answer.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with status {self._process.wait()}; see {self._log}")
        return json.loads(line)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.read()
        if self._process.wait() != 0:
            raise RuntimeError(f"{self.name} ended with status {self._process.returncode}; see {self._log}")


class Ours(Contender):
    """patch-bench, which goes through the plan round by round and writes checksums when it ends."""

    def __init__(self, name: str, tool: str, layout: str, dataset: Dataset, plan: str, threads: int, log: str):
        self._results = f"{log}.json"
        command = [tool, "run", "--plan", plan, "--paced", "--quiet", "--formats", layout]
        command += ["--storages", dataset.storage, "--threads", str(threads), "--output", self._results]
        super().__init__(name, command, environment(dataset.root), log)

    def wait_until_ready(self) -> None:
        """It opens what it needs before it asks for its first turn, and the clock is its own."""

    def load(self, number: int) -> dict:
        answer = super().load(number)
        if answer["round"] != number or not answer["durations"]:
            raise RuntimeError(f"{self.name} failed in round {number}; see {self._log}")
        return {"seconds": answer["durations"][0]}

    def checksums(self) -> list[dict[str, int]]:
        """Those of the rounds that count, once it has ended."""
        with open(self._results) as file:
            return [patch["checksums"] for patch in json.load(file)["patches"]]


def environment(root: str) -> dict[str, str]:
    """The variables that tell our tools where the data lie."""
    return {f"DSLAB_S2L1C_TEMP_{key}_PATH": os.path.join(root, folder) for folder, key in FOLDERS.values()}
