"""What is read equals what zarr-python reads, whatever the format, the selection and the memory."""

import threading

import numpy as np
import pytest
import zarr

import datacube_lab
from conftest import TILE, YEAR

SIDES = {"10m": 510, "20m": 255, "60m": 85}


@pytest.fixture(scope="session")
def expected(archive):
    """All pixels by resolution: (time, band, y, x)."""
    return {name: zarr.open_array(f"{archive['zarr']}/{TILE}/{YEAR}/{name}/data", mode="r")[:] for name in SIDES}


def corner(cube, column=3, row=2):
    """Easting and northing of a pixel of 60 m."""
    _, _, left, _, _, top = cube.transform["10m"]
    return int(left) + 60 * column, int(top) - 60 * row


def part(expected, name, column=3, row=2, size=5100):
    metres = int(name[:-1])
    x, y, side = 60 * column // metres, 60 * row // metres, size // metres
    return expected[name][:, :, y : y + side, x : x + side]


def test_a_patch_has_all_resolutions(cube, expected):
    patch = cube.read(*corner(cube), 5100)
    assert list(patch) == ["10m", "20m", "60m"]
    for name, array in patch.items():
        assert array.dtype == np.uint16 and array.flags.c_contiguous
        np.testing.assert_array_equal(array, part(expected, name))


def test_dates_and_bands_come_in_the_order_asked_for(cube, expected):
    dates = [2, 0, 3]
    patch = cube.read(*corner(cube), 5100, dates=dates, bands=["B8A", "B08", "B02", "B05"])
    assert list(patch) == ["10m", "20m"]
    np.testing.assert_array_equal(patch["10m"], part(expected, "10m")[dates][:, [3, 0]])
    np.testing.assert_array_equal(patch["20m"], part(expected, "20m")[dates][:, [3, 0]])
    few = cube.read(*corner(cube), 5100, dates=slice(1, 3), bands=["B03", "B04"])["10m"]
    np.testing.assert_array_equal(few, part(expected, "10m")[1:3, 1:3])
    masked = cube.read(*corner(cube), 5100, dates=np.array([False, True, False, True]))["60m"]
    np.testing.assert_array_equal(masked, part(expected, "60m")[[1, 3]])
    last = cube.read(*corner(cube), 5100, dates=[-1])["60m"]
    np.testing.assert_array_equal(last, part(expected, "60m")[[3]])


def test_reflectance_is_the_documents_formula(cube, expected):
    patch = cube.read(*corner(cube), 5100, reflectance=True)
    for name, array in patch.items():
        numbers = part(expected, name)
        offset = cube.radiometric_add_offset[name].astype(np.float32)[:, :, None, None]
        value = (numbers.astype(np.float32) + offset) / cube.quantification_value.astype(np.float32)[:, None, None, None]
        value[(numbers == cube.nodata) | (numbers == cube.saturated)] = np.nan
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, value)


@pytest.mark.parametrize("reflectance", [False, True])
def test_memory_of_any_strides_is_filled(cube, expected, reflectance):
    dtype = np.float32 if reflectance else np.uint16
    want = cube.read(*corner(cube), 5100, reflectance=reflectance)
    outs = {name: _scattered(array.shape, dtype) for name, array in want.items()}
    read = cube.read(*corner(cube), 5100, out=outs, reflectance=reflectance)
    for name, array in want.items():
        assert read[name] is outs[name]
        np.testing.assert_array_equal(outs[name], array)


def _scattered(shape, dtype):
    """An array whose axes are reversed, turned round and have gaps."""
    memory = np.zeros([2 * size for size in reversed(shape)], dtype)
    return memory.transpose()[::2, ::-2, ::2, ::-2]


def test_memory_beside_the_array_stays_as_it_is(cube):
    shape = (4, 4, 20, 20)
    memory = np.full((4, 4, 24, 26), 7, np.uint16)
    cube.read_window("10m", slice(5, 25), slice(9, 29), out=memory[:, :, 2:22, 3:23])
    assert memory[:, :, 2:22, 3:23].shape == shape
    outside = np.ones(memory.shape, bool)
    outside[:, :, 2:22, 3:23] = False
    assert (memory[outside] == 7).all() and not (memory[~outside] == 7).all()


def test_patches_by_one_call_and_ahead(cube):
    patches = cube.draw_patches(5, 1200, seed=9)
    alone = [cube.read(*patch) for patch in patches]
    together = cube.read_many(patches)
    for number, (one, ahead) in enumerate(zip(alone, cube.iterate(patches, ahead=3), strict=True)):
        for name in SIDES:
            np.testing.assert_array_equal(together[name][number], one[name])
            np.testing.assert_array_equal(ahead[name], one[name])


def test_an_iteration_that_is_left_ends_its_reads(cube):
    for _ in cube.iterate(cube.draw_patches(20, 5100), ahead=8):
        break
    assert cube.read(*corner(cube), 1200)["10m"].any()


def test_threads_read_at_a_time(cube):
    want = cube.read(*corner(cube), 2400)
    wrong = []

    def read():
        for _ in range(5):
            got = cube.read(*corner(cube), 2400)
            wrong.extend(name for name in want if not np.array_equal(want[name], got[name]))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_patches_are_those_of_the_tool(archive, tmp_path):
    import os
    import subprocess

    plan = str(tmp_path / "plan.json")
    command = [f"{os.environ['DSLAB_BIN']}/patch-bench", "run", "--quiet", "--storages", "network", "--formats", "zarr"]
    options = ["--num_repeats", "7", "--seed", "12345", "--patch_size", "1200", "--write_plan", plan]
    subprocess.run([*command, *options], check=True, cwd=tmp_path)
    with datacube_lab.open(archive["zarr"], TILE, YEAR) as cube:
        assert cube.draw_patches(7, 1200, seed=12345) == datacube_lab.read_plan(plan)


def test_a_storage_is_named_by_variables(archive, expected):
    with datacube_lab.open(("network", "shardzarr"), TILE, YEAR, resolutions=["60m"]) as cube:
        assert list(cube.bands) == ["60m"]
        np.testing.assert_array_equal(cube.read_window("60m", slice(None), slice(None)), expected["60m"])


@pytest.mark.parametrize("format", ["cog", "zipzarr", "zarr", "safe"])
def test_the_format_is_found_out(archive, format):
    with datacube_lab.open(archive[format], TILE, YEAR) as cube:
        assert cube.format == format and len(cube.time) == 4
