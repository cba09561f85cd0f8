"""The work list of patch-ceiling: every piece of a file that a patch touches."""

import json
import os
import struct

import rasterio

from dataset import Dataset
from plan import METRES

_EMPTY = 2**64 - 1
# Few enough that threads end together, many enough that opening a file again does not show.
_DATES = 3


class Unsupported(Exception):
    """A layout for which patch-ceiling has no decoder."""


def write(layout: str, dataset: Dataset, path: str) -> None:
    """Writes the list for all rounds of the plan."""
    pieces = _cog_pieces if layout == "cog" else _zarr_pieces
    with open(path, "w") as file:
        for index, resolution in enumerate(METRES):
            print("shape", index, *dataset.plan.shape(resolution), file=file)
        for number in range(len(dataset.plan)):
            print("patch", file=file)
            found = [
                (index, *piece)
                for index, resolution in enumerate(METRES)
                for piece in pieces(layout, dataset, number, resolution)
            ]
            # The most pixels first: whoever gets the last piece then ends soon after the others.
            for index, codec, offset, length, shape, box, name in sorted(found, key=_pixels, reverse=True):
                print("read", index, *codec, offset, length, *shape, *(n for part in box for n in part), name, file=file)


def _pixels(piece) -> int:
    counts = piece[5][1]
    return counts[0] * counts[1] * counts[2] * counts[3]


def _box(start: list[int], shape: list[int], wanted: list[range]):
    """Where a chunk and the wanted ranges meet: from where in the chunk, how much, to where in the patch."""
    low = [max(s, w.start) for s, w in zip(start, wanted)]
    high = [min(s + n, w.stop) for s, n, w in zip(start, shape, wanted)]
    return (
        [a - s for a, s in zip(low, start)],
        [b - a for a, b in zip(low, high)],
        [a - w.start for a, w in zip(low, wanted)],
    )


def _by_dates(box, dates: int):
    """A box in parts of a few dates each."""
    start, count, to = box
    for date in range(0, count[0], dates):
        held = min(dates, count[0] - date)
        yield [start[0] + date, *start[1:]], [held, *count[1:]], [to[0] + date, *to[1:]]


def _starts(shape: list[int], wanted: list[range]):
    """The first elements of the chunks of a regular grid that touch the wanted ranges."""
    axes = [range(w.start // n * n, w.stop, n) for n, w in zip(shape, wanted)]
    return [[t, b, y, x] for t in axes[0] for b in axes[1] for y in axes[2] for x in axes[3]]


def _zarr_pieces(layout: str, dataset: Dataset, number: int, resolution: str):
    array, window = dataset.array(layout, resolution), dataset.plan.window(number, resolution)
    with open(os.path.join(array, "zarr.json")) as file:
        metadata = json.load(file)
    times, bands = metadata["shape"][:2]
    rows = range(window.row, window.row + window.side)
    wanted = [range(times), range(bands), rows, range(window.column, window.column + window.side)]
    outer = metadata["chunk_grid"]["configuration"]["chunk_shape"]
    shard = _sharding(metadata["codecs"])
    codec = _zarr_codec(shard["codecs"] if shard else metadata["codecs"])
    inner = shard["chunk_shape"] if shard else outer
    indices: dict[str, list] = {}
    for start in _starts(inner, wanted):
        path = f"{array}/c/" + "/".join(str(s // n) for s, n in zip(start, outer))
        place = (0, os.path.getsize(path)) if os.path.exists(path) else (_EMPTY, _EMPTY)
        if shard and place[0] != _EMPTY:
            if path not in indices:
                indices[path] = _shard_index(path, outer, shard)
            place = indices[path][_position(start, outer, inner)]
        trailing = 4 if _has_checksum(shard["codecs"] if shard else metadata["codecs"]) else 0
        what = ((codec, 1, 0), place[0], place[1] - trailing) if place[0] != _EMPTY else (("fill", 1, 0), 0, 0)
        # Blosc blocks are decoded one by one, so that threads may share a chunk; others must be decoded as a whole.
        for box in _by_dates(_box(start, inner, wanted), _DATES if codec == "blosc" else inner[0]):
            yield *what, inner, box, path


def _sharding(codecs: list[dict]) -> dict | None:
    return next((codec["configuration"] for codec in codecs if codec["name"] == "sharding_indexed"), None)


def _has_checksum(codecs: list[dict]) -> bool:
    return codecs[-1]["name"] == "crc32c"


def _zarr_codec(codecs: list[dict]) -> str:
    names = [codec["name"] for codec in codecs if codec["name"] != "crc32c"]
    if names not in (["bytes", "blosc"], ["bytes", "zstd"]):
        raise Unsupported(f"no ceiling for the codecs {names}")
    return names[1]


def _shard_index(path: str, outer: list[int], shard: dict) -> list[tuple[int, int]]:
    count = 1
    for n, m in zip(outer, shard["chunk_shape"]):
        count *= n // m
    size = 16 * count
    trailing = 4 if _has_checksum(shard["index_codecs"]) else 0
    with open(path, "rb") as file:
        if shard.get("index_location", "end") == "end":
            file.seek(-(size + trailing), os.SEEK_END)
        numbers = struct.unpack(f"<{2 * count}Q", file.read(size))
    return list(zip(numbers[::2], numbers[1::2]))


def _position(start: list[int], outer: list[int], inner: list[int]) -> int:
    position = 0
    for s, n, m in zip(start, outer, inner):
        position = position * (n // m) + s % n // m
    return position


def _cog_pieces(layout: str, dataset: Dataset, number: int, resolution: str):
    window = dataset.plan.window(number, resolution)
    rows = range(window.row, window.row + window.side)
    columns = range(window.column, window.column + window.side)
    for date, product in enumerate(dataset.plan.products):
        path = dataset.cog(product, resolution)
        with rasterio.open(path) as file:
            height, width = file.block_shapes[0]
            interleaved = file.interleaving.name == "pixel"
            bands = file.count if interleaved else 1
            codec = (_tiff_codec(file), int(file.tags(ns="IMAGE_STRUCTURE").get("PREDICTOR", 1)), int(interleaved))
            wanted = [range(date, date + 1), range(file.count), rows, columns]
            shape = [1, bands, height, width]
            for start in _starts(shape, wanted):
                at = f"{start[3] // width}_{start[2] // height}"
                offset = file.get_tag_item(f"BLOCK_OFFSET_{at}", "TIFF", start[1] + 1)
                length = file.get_tag_item(f"BLOCK_SIZE_{at}", "TIFF", start[1] + 1)
                where, count, to = _box(start, shape, wanted)
                box = (where, count, [date, *to[1:]])
                yield (codec if offset else ("fill", 1, 0)), int(offset or 0), int(length or 0), shape, box, path


def _tiff_codec(file) -> str:
    if file.compression.name not in ("zstd", "deflate"):
        raise Unsupported(f"no ceiling for {file.compression.name}")
    return file.compression.name
