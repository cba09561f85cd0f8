"""Contenders load the same patches in turn."""

import random

import page_cache
import processor_time
from dataset import Dataset
from process import Contender, Ours


class Race:
    """The contenders of one layout in one state of the page cache."""

    def __init__(self, layout: str, cache: str, dataset: Dataset, contenders: list[Contender], toucher: Contender | None):
        self.layout, self.cache, self.dataset = layout, cache, dataset
        self._contenders, self._toucher = contenders, toucher
        self._checksums: dict[int, tuple[str, dict]] = {}
        self._servers = processor_time.gateway() if dataset.storage == "s3" else []

    def run(self, seed: int = 42) -> list[dict]:
        """Samples of all rounds but the warm-up; in each, everyone's turn comes in an order of its own."""
        order, samples = random.Random(seed), []
        for number in range(len(self.dataset.plan)):
            files = self.dataset.files(self.layout, number)
            if self._toucher:
                self._toucher.load(number)
            for contender in order.sample(self._contenders, len(self._contenders)):
                sample = self._sample(contender, number, files)
                if number > 0:
                    samples.append(sample)
        for contender in self._contenders + ([self._toucher] if self._toucher else []):
            contender.close()
            if isinstance(contender, Ours):
                for number, checksums in enumerate(contender.checksums(), 1):
                    self._agree(contender.name, number, checksums)
        return samples

    def _sample(self, contender: Contender, number: int, files: list[str]) -> dict:
        if self.cache == "cold":
            page_cache.evict(files)
        resident = page_cache.resident_share(files)
        before = page_cache.disk_bytes(contender.id)
        client, server = processor_time.seconds([contender.id]), processor_time.seconds(self._servers)
        answer = contender.load(number)
        client = processor_time.seconds([contender.id]) - client
        server = processor_time.seconds(self._servers) - server
        fetched = page_cache.disk_bytes(contender.id) - before
        if "checksums" in answer:
            self._agree(contender.name, number, answer["checksums"])
        return {
            "contender": contender.name,
            "round": number,
            "seconds": answer["seconds"],
            "files": len(files),
            "resident_before": resident,
            "disk_bytes": fetched,
            "client_seconds": client,
            "server_seconds": server if self._servers else None,
        }

    def _agree(self, name: str, number: int, checksums: dict[str, int]) -> None:
        first, expected = self._checksums.setdefault(number, (name, checksums))
        if checksums != expected:
            raise ValueError(f"{name} and {first} differ in round {number} of {self.layout}: {checksums} {expected}")
