"""Finds the settings with which a peer is fastest on this machine."""

import json
import sys

from dataset import Dataset
from process import Contender
from settings import Peer

# A load longer than this is long enough for one to tell.
_LONG = 5.0


class Workshop:
    """Starts peers on one data set and plan."""

    def __init__(self, dataset: Dataset, plan: str, log: str):
        self._dataset, self._plan, self._log, self._rounds = dataset, plan, log, len(dataset.plan)

    def start(self, peer: Peer, layout: str, settings: dict) -> Contender:
        worker = [sys.executable, __file__.replace("tuning.py", "worker.py")]
        command = worker + [peer.reader, layout, self._dataset.storage, self._dataset.root]
        command += [self._plan, json.dumps(settings)]
        contender = Contender(peer.name, command, settings.get("env"), self._log)
        contender.wait_until_ready()
        return contender

    def best(self, peer: Peer, layout: str) -> tuple[dict, list[dict]]:
        """The fastest settings, and how each candidate did; one that fails is out of the race."""
        tried = []
        for settings in peer.candidates:
            try:
                tried.append({"settings": settings, "seconds": self._time(peer, layout, settings)})
            except RuntimeError as error:
                tried.append({"settings": settings, "error": str(error)})
        finished = [trial for trial in tried if "seconds" in trial]
        if not finished:
            raise RuntimeError(f"{peer.name} cannot read {layout}; see {self._log}")
        return min(finished, key=lambda trial: trial["seconds"])["settings"], tried

    def _time(self, peer: Peer, layout: str, settings: dict) -> float:
        contender = self.start(peer, layout, settings)
        first = contender.load(0)["seconds"]
        rounds = [0] if first > _LONG else range(1, min(4, self._rounds))
        seconds = [contender.load(number)["seconds"] for number in rounds] if first <= _LONG else [first]
        contender.close()
        return sum(seconds) / len(seconds)
