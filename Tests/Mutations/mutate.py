"""Changes inputs as a broken disk, an odd editor or a hostile server would; the same seed gives the same changes."""

import random
import re

NUMBERS = [b"-1", b"0", b"9223372036854775807", b"-9223372036854775808", b"18446744073709551615", b"1e308", b"NaN",
           b"4294967296", b"1" * 400, b"null", b"true", b'"x"']
ODD = [b"\x1b[31m", b"\x00", b"\r\n", b"\r", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xff\xfe", b"'", b'"', b"${", b"}", b"$X",
       b"../../", b"%2e%2e/", b"&#27;", b"<", b"]]>", b"\\", b"#", b"~", b"A" * 5000, b"\xc2\x9b2J", b"\n\n", b"=", b"[", b"]"]


class Mutator:
    """One mutant's changes."""

    def __init__(self, seed, number):
        self.random = random.Random(f"{seed}/{number}")

    def text(self, data):
        """Changes one to three places of a text: numbers, words, lines, bytes."""
        for _ in range(self.random.randint(1, 3)):
            change = self.random.choice([self.number, self.number, self.odd, self.lines, self.cut, self.byte, self.swap])
            data = change(data) or b"\n"
        return data

    def bytes(self, data):
        """Changes one to four places of a binary file, mostly of its beginning, where its structure is told."""
        data = bytearray(data)
        for _ in range(self.random.randint(1, 4)):
            if not data:
                break
            place = self.random.randrange(min(len(data), self.random.choice([64, 400, 4000, len(data)])))
            kind = self.random.random()
            if kind < 0.4:
                data[place] ^= 1 << self.random.randrange(8)
            elif kind < 0.9:
                width = self.random.choice([1, 2, 4, 8])
                ends = [b"\xff" * width, b"\0" * width, b"\x7f" + b"\xff" * (width - 1), b"\x80" + b"\0" * (width - 1)]
                data[place : place + width] = self.random.choice(ends)[: len(data) - place]
            else:
                del data[place:]
        return bytes(data)

    def number(self, data):
        spans = [match.span() for match in re.finditer(rb"-?\d+(\.\d+)?", data)]
        if not spans:
            return self.odd(data)
        start, end = self.random.choice(spans)
        return data[:start] + self.random.choice(NUMBERS) + data[end:]

    def odd(self, data):
        place = self.random.randrange(len(data) + 1)
        return data[:place] + self.random.choice(ODD) + data[place:]

    def lines(self, data):
        end = self.random.choice([b"\n", b"\r\n", b"\r"])
        lines = data.split(b"\n")
        place = self.random.randrange(len(lines))
        action = self.random.randrange(3)
        if action == 0:
            del lines[place]
        elif action == 1:
            lines.insert(place, lines[place])
        return end.join(lines)

    def cut(self, data):
        return data[: self.random.randrange(len(data) + 1)]

    def byte(self, data):
        if not data:
            return data
        place = self.random.randrange(len(data))
        return data[:place] + bytes([self.random.randrange(256)]) + data[place + 1 :]

    def swap(self, data):
        words = re.findall(rb"[A-Za-z_]{3,}", data)
        if not words:
            return data
        one, other = self.random.choice(words), self.random.choice(words)
        return data.replace(one, other, 1)
