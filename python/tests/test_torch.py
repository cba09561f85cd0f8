"""Batches are what the cube reads, by any number of workers, forked or spawned; run by a Python that has torch."""

import os
import resource

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import datacube_lab  # noqa: E402
from datacube_lab.torch import PatchSeriesDataset, PatchSeriesStream, collate_series  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from conftest import TILE, YEAR  # noqa: E402

OPTIONS = dict(size=1200, count=18, seed=5)


@pytest.fixture(scope="module")
def shards(archive):
    with datacube_lab.open(archive["shardzarr"], TILE, YEAR) as cube:
        # As in a notebook: the parent has read before workers are made.
        cube.read(*cube.draw_patches(1, 1200)[0])
        yield cube


def expected(cube, number=None):
    patches = cube.draw_patches(OPTIONS["count"], OPTIONS["size"], seed=OPTIONS["seed"])
    return [cube.read(*patch, reflectance=True) for patch in patches]


def equal(tensor, array):
    return np.array_equal(tensor.numpy(), array, equal_nan=True)


@pytest.mark.parametrize("workers, start", [(0, None), (1, "fork"), (4, "fork"), (1, "spawn"), (4, "spawn")])
def test_batches_are_what_the_cube_reads(shards, workers, start):
    want = expected(shards)
    loader = DataLoader(
        PatchSeriesDataset(shards, **OPTIONS),
        batch_size=4,
        num_workers=workers,
        collate_fn=collate_series,
        multiprocessing_context=start,
    )
    seen = 0
    for batch in loader:
        assert batch["dates"].tolist() == [4] * len(batch["x"])
        for number in range(len(batch["x"])):
            assert all(equal(batch[name][number], want[seen][name]) for name in want[seen])
            seen += 1
    assert seen == OPTIONS["count"]


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_stream_goes_on_where_it_was(shards, workers):
    want = expected(shards)
    stream = PatchSeriesStream(shards, start=5, **OPTIONS)
    assert len(stream) == 13
    got = list(DataLoader(stream, batch_size=None, num_workers=workers))
    assert len(got) == 13
    corners = {(patch["x"], patch["y"]): patch for patch in got}
    patches = shards.draw_patches(OPTIONS["count"], OPTIONS["size"], seed=OPTIONS["seed"])[5:]
    for array, patch in zip(want[5:], patches):
        assert equal(corners[patch.x, patch.y]["10m"], array["10m"])


def test_epochs_differ_and_seeds_repeat(shards):
    one, other = PatchSeriesDataset(shards, **OPTIONS), PatchSeriesDataset(shards, **OPTIONS)
    assert one.patches == other.patches
    one.set_epoch(1)
    assert one.patches != other.patches
    one.set_epoch(0)
    assert one.patches == other.patches
    with pytest.raises(IndexError):
        one[18]
    assert one[-1]["x"] == one[17]["x"]


def test_series_of_unequal_lengths_are_filled_up(shards):
    long = PatchSeriesDataset(shards, **OPTIONS)[0]
    short = PatchSeriesDataset(shards, dates=[1, 2], **OPTIONS)[1]
    batch = collate_series([long, short])
    assert batch["dates"].tolist() == [4, 2] and batch["10m"].shape == (2, 4, 4, 120, 120)
    assert torch.isnan(batch["10m"][1, 2:]).all() and equal(batch["10m"][1, :2], short["10m"].numpy())


def test_several_cubes_take_turns(archive, shards):
    with datacube_lab.open(archive["cog"], TILE, YEAR) as other:
        dataset = PatchSeriesDataset([shards, other], **OPTIONS)
        assert [dataset[number]["cube"] for number in range(4)] == [0, 1, 0, 1]
        batch = dataset.__getitems__([1, 0, 3])
        assert [sample["cube"] for sample in batch] == [1, 0, 1]
        assert equal(batch[1]["20m"], dataset[0]["20m"].numpy())


def test_numbers_as_delivered(shards):
    sample = PatchSeriesDataset(shards, reflectance=False, bands=["B02"], **OPTIONS)[0]
    want = shards.read(*shards.draw_patches(1, 1200, seed=5)[0], bands=["B02"])["10m"]
    assert np.array_equal(sample["10m"].numpy().astype(np.int64), want)


def test_tensors_are_read_into(shards):
    tensor = torch.zeros((4, 4, 120, 120))
    patch = shards.draw_patches(1, 1200)[0]
    read = shards.read(*patch, bands=["B02", "B03", "B04", "B08"], out={"10m": tensor}, reflectance=True)
    assert equal(tensor, read["10m"]) and not torch.isnan(tensor).all()


def test_memory_stays_flat(shards):
    dataset = PatchSeriesDataset(shards, size=1200, count=2000)
    sizes = []
    for number in range(2000):
        dataset[number]
        if number % 500 == 499:
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    # Kilobytes; a sample has 1.6 MB.
    assert sizes[-1] - sizes[0] < 8192, sizes


def mapped_memories():
    """How many memories of workers this process has mapped."""
    with open("/proc/self/maps", encoding="ascii") as file:
        return sum("memfd:datacube_lab" in line for line in file)


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_lend_the_same_memory_again(shards, start):
    dataset = PatchSeriesDataset(shards, size=600, count=60)
    loader = DataLoader(dataset, 4, num_workers=2, collate_fn=collate_series, multiprocessing_context=start)
    before, seen = mapped_memories(), set()
    for batch in loader:
        seen |= {batch[name].data_ptr() for name in ("10m", "20m", "60m")}
    # 15 batches of three tensors.
    assert 0 < len(seen) < 45 and 0 < mapped_memories() - before < 45
    del batch
    assert mapped_memories() == before


def test_a_batch_that_is_kept_stays_what_it_was(shards):
    dataset, want = PatchSeriesDataset(shards, size=1200, count=30, seed=5), expected(shards)
    loader = DataLoader(dataset, 1, num_workers=2, collate_fn=collate_series)
    kept = list(loader)
    for batch, array in zip(kept, want):
        assert equal(batch["10m"][0], array["10m"]) and equal(batch["60m"][0], array["60m"])
    # A forked process has the loans too, and ends without ending them.
    again, rest = iter(loader), [next(iter(loader)), *kept[1:3]]
    child = os.fork()
    if child == 0:
        rest.clear()
        kept.clear()
        os._exit(0)
    os.waitpid(child, 0)
    for _ in range(20):
        next(again)
    assert all(equal(batch["10m"][0], array["10m"]) for batch, array in zip(rest, want))


def test_more_batches_than_a_worker_lends(shards):
    dataset = PatchSeriesDataset(shards, size=60, count=100, bands=["B02"], reflectance=False)
    want = [sample["10m"].numpy().copy() for sample in (dataset[number] for number in range(100))]
    kept = list(DataLoader(dataset, batch_size=None, num_workers=1))
    assert all(np.array_equal(batch["10m"].numpy(), array) for batch, array in zip(kept, want))


@pytest.mark.parametrize("collate", [None, collate_series, lambda samples: samples])
def test_any_collate_function_gets_what_was_read(shards, collate):
    want = expected(shards)
    dataset = PatchSeriesDataset(shards, size=1200, count=8, seed=5)
    options = {} if collate is None else {"collate_fn": collate}
    loader = DataLoader(dataset, batch_size=4, num_workers=1, **options)
    for number, batch in enumerate(loader):
        patches = [sample["20m"] for sample in batch] if isinstance(batch, list) else batch["20m"]
        assert all(equal(patch, want[4 * number + index]["20m"]) for index, patch in enumerate(patches))
