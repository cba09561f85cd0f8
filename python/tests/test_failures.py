"""Wrong calls raise what the tools would say; nothing is left when cubes close or programs end."""

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import datacube_lab
from conftest import TILE, YEAR


def wrong(cube):
    """Calls that make no sense, and what they are told."""
    x, y = 300000, 6800040
    read_only = np.zeros((4, 4, 20, 20), np.uint16)
    read_only.flags.writeable = False
    floats = {"10m": np.zeros((4, 4, 20, 20), np.float32)}
    small = {"10m": np.zeros((4, 4, 20, 19), np.uint16)}
    one = dict(bands=["B02", "B03", "B04", "B08"])
    unaligned = np.zeros(4 * 4 * 20 * 20 * 2 + 1, np.uint8)[1:].view(np.uint16).reshape(4, 4, 20, 20)
    return [
        (lambda: cube.read(x - 60, y, 1200), "no window of"),
        (lambda: cube.read(x + 12000 - 600, y, 1200), "no window of"),
        (lambda: cube.read(x + 60 * 10**12, y - 60 * 10**12, 1200), "no window of"),
        (lambda: cube.read(x + 10, y, 1200), "does not lie on pixels of 20m"),
        (lambda: cube.read(x, y, 0), "does not lie on pixels"),
        (lambda: cube.read(x, y, -60), "does not lie on pixels"),
        (lambda: cube.read(x, y, 1200, dates=[4]), "there is no date 4"),
        (lambda: cube.read(x, y, 1200, dates=[-5]), "there is no date -1"),
        (lambda: cube.read(x, y, 1200, dates=["first"]), "dates are positions"),
        (lambda: cube.read(x, y, 1200, bands=["B13"]), "there is no band B13"),
        (lambda: cube.read(x, y, 200, out={"10m": read_only}, **one), "is read-only"),
        (lambda: cube.read(x, y, 200, out={"10m": read_only[0]}, **one), "has the shape"),
        (lambda: cube.read(x, y, 200, out=floats, **one), "is of float32, not uint16"),
        (lambda: cube.read(x, y, 200, out=small, **one), "has the shape"),
        (lambda: cube.read(x, y, 200, out={}, **one), "there is no array for 10m"),
        (lambda: cube.read(x, y, 200, out={"10m": [1]}, **one), "is no array"),
        (lambda: cube.read(x, y, 200, out={"10m": unaligned}, **one), "multiples of their size"),
        (lambda: cube.read_window("30m", slice(0, 1), slice(0, 1)), "30m was not opened"),
        (lambda: cube.read_window("10m", slice(0, 9, 2), slice(0, 1)), "all rows"),
        (lambda: cube.read_many([(x, y, 600), (x, y, 1200)]), "one size"),
        (lambda: cube.draw_patches(3, 61), "positive multiple of 60"),
        (lambda: cube.draw_patches(3, 60000), "does not fit"),
        (lambda: cube.draw_patches(2**30, 60), "cannot be drawn"),
    ]


def test_a_wrong_call_says_what_is_wrong(cube):
    for call, words in wrong(cube):
        with pytest.raises(datacube_lab.DatacubeError, match=words) as raised:
            call()
        assert isinstance(raised.value, ValueError) and raised.value.code == "configuration"
        assert "\n" not in str(raised.value)
    assert cube.read(300000, 6800040, 1200)["10m"].shape == (4, 4, 120, 120)


def test_what_cannot_be_opened_says_why(archive, tmp_path):
    def opened(store=archive["zarr"], tile=TILE, year=YEAR, **options):
        return lambda: datacube_lab.open(store, tile, year, **options)

    for call, kind, words in [
        (opened(tile="35VLJ"), FileNotFoundError, "35VLJ/2024"),
        (opened(year=1999), FileNotFoundError, "1999"),
        (opened(tile="x"), ValueError, "is not a tile"),
        (opened(format="netcdf"), ValueError, "there is no format 'netcdf'"),
        (opened(resolutions=["15m"]), ValueError, "there is no resolution '15m'"),
        (opened(threads=-1), ValueError, "-1 threads"),
        (opened(str(tmp_path)), FileNotFoundError, "has no data"),
        (opened(str(tmp_path / "no")), FileNotFoundError, "does not exist"),
        (opened(("disk", "zarr")), ValueError, "there is no storage 'disk'"),
        (opened(("temp", "zarr")), ValueError, "DSLAB_S2L1C_TEMP_ZARR_PATH"),
        (opened("s3://"), ValueError, "s3://bucket/prefix"),
    ]:
        with pytest.raises(kind, match=words) as raised:
            call()
        assert isinstance(raised.value, datacube_lab.DatacubeError)
        assert pickle.loads(pickle.dumps(raised.value)).code == raised.value.code


def test_a_damaged_chunk_is_named(archive, tmp_path):
    import shutil

    shutil.copytree(archive["zarr"], tmp_path / "zarr")
    chunk = tmp_path / f"zarr/{TILE}/{YEAR}/60m/data/c/0/0/0/0"
    chunk.write_bytes(b"\xff" * chunk.stat().st_size)
    with datacube_lab.open(tmp_path / "zarr", TILE, YEAR) as cube:
        with pytest.raises(datacube_lab.DatacubeError, match="60m/data/c/0/0/0/0") as raised:
            cube.read(300000, 6800040, 1200)
        assert raised.value.code == "corrupt"
        assert cube.read(300000, 6800040, 1200, bands=["B02"])["10m"].any()


def test_a_closed_cube_is_not_read(cube):
    cube.close()
    cube.close()
    with pytest.raises(ValueError, match="is not open"):
        cube.read(300000, 6800040, 1200)


def test_a_pickled_cube_is_opened_anew(cube):
    with pickle.loads(pickle.dumps(cube)) as other:
        want, got = cube.read(300000, 6800040, 1200), other.read(300000, 6800040, 1200)
        assert all(np.array_equal(want[name], got[name]) for name in want)


def test_nothing_is_left_after_closing(archive):
    def held():
        return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))

    before = None
    for _ in range(8):
        cubes = [datacube_lab.open(folder, TILE, YEAR, format=name) for name, folder in archive.items()]
        for cube in cubes:
            cube.read(300000, 6800040, 1200)
            cube.close()
        # Threads end by themselves, as soon as they get their turn.
        end = time.time() + 10
        while before and held() != before and time.time() < end:
            time.sleep(0.01)
        if before is None:
            time.sleep(1)
            before = held()
    assert held() == before


def run(archive, text, **options):
    """A program of its own."""
    program = f"import datacube_lab, os, signal, sys, threading, time\nstore = {archive['safe']!r}\n" + textwrap.dedent(text)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_in_the_middle_of_reads_of_other_threads(cube):
    patch = cube.draw_patches(1, 5100)[0]
    want, stop = cube.read(*patch)["10m"], threading.Event()

    def read():
        while not stop.is_set():
            cube.read(*patch)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(15):
            child = os.fork()
            if child == 0:
                # One that waits for ever is killed by this.
                signal.alarm(60)
                right = False
                try:
                    right = np.array_equal(cube.read(*patch)["10m"], want)
                finally:
                    os._exit(0 if right else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def test_a_forked_process_goes_on(cube):
    want = cube.read(300000, 6800040, 1200)
    process = os.fork()
    if process == 0:
        got = cube.read(300000, 6800040, 1200)
        os._exit(0 if all(np.array_equal(want[name], got[name]) for name in want) else 1)
    assert os.waitpid(process, 0)[1] == 0
    assert cube.read(300000, 6800040, 1200)["10m"].any()


def test_a_program_ends_that_closes_nothing(archive):
    ended = run(
        archive,
        f"""
        cube = datacube_lab.open(store, "{TILE}", {YEAR})
        cube.read(300000, 6800040, 1200)
        threading.Thread(target=lambda: [cube.read(300000, 6800040, 9600) for _ in range(100)], daemon=True).start()
        time.sleep(0.1)
        """,
    )
    assert ended.returncode == 0 and ended.stderr == ""


def test_ctrl_c_ends_a_read_at_once(archive):
    ended = run(
        archive,
        f"""
        cube = datacube_lab.open(store, "{TILE}", {YEAR})
        patches = cube.draw_patches(400, 9600)
        out = {{"60m": None}}
        threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        start = time.time()
        try:
            for patch in patches:
                cube.read_many([patch] * 8, bands=["B01"])
        except KeyboardInterrupt:
            print(time.time() - start)
        cube.read(300000, 6800040, 1200)
        """,
    )
    assert ended.returncode == 0, ended.stderr
    # All patches would take more than a minute.
    assert float(ended.stdout) < 5
