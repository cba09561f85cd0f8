"""Usage: make_bigtiff.py FOLDER - has GDAL write BigTIFF files, and beside each what GDAL reads in it.

Of both drivers and each compression one file with all its tiles and one without those of zeros; one more file has its
last tile beyond 4 GiB, where no classic TIFF reaches. NAME.raw has the pixels, band by band, 16 bits little-endian.
"""

import os
import sys
from pathlib import Path

import numpy
import rasterio
import rasterio.shutil
from rasterio.transform import from_origin

BANDS, HEIGHT, WIDTH, SIDE = 3, 700, 1100, 512
EMPTY = (slice(None), slice(0, SIDE), slice(SIDE, 2 * SIDE))
PROFILE = {"count": BANDS, "height": HEIGHT, "width": WIDTH, "dtype": "uint16", "crs": "EPSG:32635"}
PROFILE |= {"transform": from_origin(300000, 6800040, 60, 60), "nodata": 0}


def pixels():
    """Slopes with noise, so that the predictor has something to do and values wrap around; a tile of zeros."""
    slopes = numpy.arange(BANDS * HEIGHT * WIDTH).reshape(BANDS, HEIGHT, WIDTH) * 37
    noise = numpy.random.default_rng(1).integers(0, 50, slopes.shape)
    values = ((slopes + noise) % 65535 + 1).astype("uint16")
    values[EMPTY] = 0
    return values


def options(driver, compression, is_sparse):
    shape = {"BLOCKSIZE": SIDE, "OVERVIEWS": "NONE"}
    if driver == "GTiff":
        shape = {"TILED": "YES", "BLOCKXSIZE": SIDE, "BLOCKYSIZE": SIDE, "INTERLEAVE": "PIXEL"}
    predictor = {} if compression == "NONE" else {"PREDICTOR": "YES" if driver == "COG" else "2"}
    return {"BIGTIFF": "YES", "COMPRESS": compression, "SPARSE_OK": str(is_sparse).upper()} | predictor | shape


def write(path, driver, compression, is_sparse):
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", **PROFILE) as copy:
            copy.write(pixels())
        with memory.open() as copy:
            rasterio.shutil.copy(copy, path, driver=driver, **options(driver, compression, is_sparse))


def write_far(path):
    """A hole of 5 GiB, which takes no space, lies before the last tile."""
    values = pixels()
    with rasterio.open(path, "w", driver="GTiff", **PROFILE, **options("GTiff", "NONE", True)) as image:
        image.write(values[:, :SIDE, :SIDE], window=((0, SIDE), (0, SIDE)))
    os.truncate(path, 5 << 30)
    with rasterio.open(path, "r+") as image:
        image.write(values[:, SIDE:, 2 * SIDE :], window=((SIDE, HEIGHT), (2 * SIDE, WIDTH)))
    with rasterio.open(path) as image:
        assert int(image.get_tag_item("BLOCK_OFFSET_2_1", "TIFF", bidx=1)) > 1 << 32


def keep_reading(path):
    assert path.open("rb").read(4) == b"II+\0", f"{path} is no BigTIFF"
    with rasterio.open(path) as image:
        stored = image.get_tag_item("BLOCK_OFFSET_1_0", "TIFF", bidx=1) is not None
        assert stored == ("dense" in path.name), path
        path.with_suffix(".raw").write_bytes(image.read().astype("<u2").tobytes())
        # What is compared must be a picture.
        assert image.read().any()


def main(folder):
    for driver in ["COG", "GTiff"]:
        for compression in ["NONE", "DEFLATE", "ZSTD"]:
            for is_sparse in [False, True]:
                kind = "sparse" if is_sparse else "dense"
                write(Path(folder) / f"{driver}-{compression}-{kind}.tif", driver, compression, is_sparse)
    write_far(Path(folder) / "far.tif")
    paths = sorted(Path(folder).glob("*.tif"))
    for path in paths:
        keep_reading(path)
    print(len(paths), "files")


main(*sys.argv[1:])
