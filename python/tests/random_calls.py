"""Calls of all functions with numbers, texts and memory at random: each returns or fails, none crashes.

    random_calls.py STORE TILE YEAR [COUNT [SEED]]

Run under the address sanitizer by scripts/test-sanitizers, without it by `make test-python`.
"""

import ctypes
import random
import sys

import numpy as np

from datacube_lab.library import LIBRARY, Place, Window

NUMBERS = [0, 1, -1, 2, 3, 10, 20, 60, 59, 61, 100, 180, 1080, 2**15, 2**31 - 1, -(2**31), 2**30]
TEXTS = [None, b"", b"x", b"35VLH", b"10m", b"10m,20m", b"60m,", b"zarr", b"cog", b"s3://", b"s3://b/c", b"/nowhere", b"\xff\xfe"]


class Caller:
    def __init__(self, place: tuple[str, str, int], seed: int) -> None:
        self.random, self.place = random.Random(seed), place
        self.numbers, self.calls = [0, -1, 2**62], []
        # Room for any window that may be asked for with these strides.
        self.memory = np.zeros(64 << 20, np.uint8)
        self.counts = {}

    def run(self, count: int) -> None:
        actions = [self.open, self.describe, self.draw, self.wait, self.cancel, self.close] + 6 * [self.read]
        for _ in range(count):
            action = self.random.choice(actions)
            ended = "failed" if action() < 0 else "done"
            if ended == "failed":
                assert b"\n" not in LIBRARY.datacube_error_message() and LIBRARY.datacube_error_code()
            key = f"{action.__name__} {ended}"
            self.counts[key] = self.counts.get(key, 0) + 1
        for call in self.calls:
            LIBRARY.datacube_cancel(call)
            while LIBRARY.datacube_wait(call, 1.0, None) == 1:
                pass

    def number(self) -> int:
        return self.random.choice(NUMBERS)

    def text(self) -> bytes | None:
        return self.random.choice(TEXTS)

    def cube(self) -> int:
        open_ones = self.numbers[3:]
        return self.random.choice(open_ones if open_ones and self.random.random() < 0.9 else self.numbers)

    def open(self) -> int:
        store, tile, year = self.place
        place = Place(store=store.encode(), tile=tile.encode(), year=year, threads=self.random.choice([0, 1, 2, -5]))
        for name in ("store", "storage", "profile", "format", "tile", "resolutions"):
            if self.random.random() < 0.12:
                setattr(place, name, self.text())
        if self.random.random() < 0.1:
            place.year = self.number()
        call = LIBRARY.datacube_start_opening(ctypes.byref(place) if self.random.random() < 0.95 else None)
        if call < 0:
            return call
        result = ctypes.c_int64()
        while (status := LIBRARY.datacube_wait(call, 10.0, ctypes.byref(result))) == 1:
            pass
        if status == 0:
            self.numbers.append(result.value)
        return status

    def describe(self) -> int:
        capacity = self.random.choice([0, 1, 100, 1 << 20, -5])
        text = ctypes.create_string_buffer(max(capacity, 1))
        return LIBRARY.datacube_describe(self.cube(), text if self.random.random() < 0.8 else None, capacity)

    def draw(self) -> int:
        rounds, per_round = self.random.choice([0, 1, 7, -1, 2**31 - 1]), self.random.choice([1, 4, 0, -3, 2**31 - 1])
        # Where the numbers are possible there has to be room for what is drawn.
        room = max(1, 2 * rounds * per_round) if 0 <= rounds * per_round < 1000 else 1
        if 1000 <= rounds * per_round <= 1 << 24:
            return 0
        corners = (ctypes.c_int32 * room)()
        return LIBRARY.datacube_draw_patches(self.cube(), self.number(), rounds, per_round, self.number() % 2**64, corners)

    def windows(self) -> tuple[ctypes.Array, int]:
        count = self.random.choice([1, 1, 1, 2, 3])
        windows = (Window * count)()
        for window in windows:
            self.fill(window)
        return windows, count

    def fill(self, window: Window) -> None:
        odd = lambda usual: self.number() if self.random.random() < 0.02 else usual  # noqa: E731
        size = self.random.choice([1, 5, 16])
        window.resolution = odd(self.random.choice([10, 20, 60]))
        window.content = odd(self.random.choice([0, 1]))
        window.x, window.y = odd(self.random.randrange(2)), odd(self.random.randrange(2))
        window.width, window.height = odd(size), odd(size)
        for axis, most in (("dates", 3), ("bands", 3)):
            if self.random.random() < 0.6:
                values = [odd(self.random.randrange(most)) for _ in range(self.random.choice([0, 1, 2, 3]))]
                setattr(window, axis, (ctypes.c_int32 * max(1, len(values)))(*values))
                setattr(window, axis[:-1] + "_count", len(values) if self.random.random() < 0.97 else -self.random.randrange(1, 9))
        middle = self.memory.ctypes.data + (32 << 20)
        window.pixels = self.random.choice([middle, middle, middle, middle, middle + 1, None])
        # At most 20 dates, 6 bands and 180 pixels a side stay within the memory.
        window.strides[:] = self.random.choice(
            [[200000, 30000, 800, 4], [-200000, -30000, 800, -4], [0, 0, 0, 0], [200002, 30002, 802, 2], [1, 2, 3, 4]]
        )

    def read(self) -> int:
        windows, count = self.windows()
        if self.random.random() < 0.02:
            count = self.random.choice([0, -1, 2**31 - 1])
        call = LIBRARY.datacube_start_reading(self.cube(), windows if count in (1, 2, 3) else None, count)
        if call < 0:
            return call
        if self.random.random() < 0.2:
            LIBRARY.datacube_cancel(call)
        if self.random.random() < 0.1:
            self.calls.append(call)
            return 0
        while (status := LIBRARY.datacube_wait(call, 10.0, None)) == 1:
            pass
        return status

    def wait(self) -> int:
        call = self.random.choice([*self.calls, 0, -7, 2**40])
        seconds = self.random.choice([0.0, -1.0, float("nan"), 0.001])
        status = LIBRARY.datacube_wait(call, seconds, None)
        if status != 1 and call in self.calls:
            self.calls.remove(call)
        return status

    def cancel(self) -> int:
        return LIBRARY.datacube_cancel(self.random.choice([*self.calls, 0, -7, 2**40]))

    def close(self) -> int:
        number = self.cube()
        # Some stay, so that reads find something.
        if number in self.numbers[3:]:
            if len(self.numbers) < 8:
                return 0
            # One that was closed may be used again, as what it is now: no cube.
            if self.random.random() < 0.9:
                self.numbers.remove(number)
        return LIBRARY.datacube_close(number)


def main() -> None:
    store, tile, year = sys.argv[1:4]
    count, seed = (int(value) for value in (sys.argv[4:] + ["2000", "1"][len(sys.argv) - 4 :])[:2])
    caller = Caller((store, tile, int(year)), seed)
    caller.run(count)
    print(f"{count} calls of seed {seed}: " + ", ".join(f"{name} {number}" for name, number in sorted(caller.counts.items())))


if __name__ == "__main__":
    main()
