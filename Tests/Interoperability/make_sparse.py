"""Usage: make_sparse.py COGS ARRAY - has GDAL leave out the tiles of zeros of one product's 10m.tif.

One tile of the file and the same pixels of ARRAY, the cube's `data`, become zero first; all else stays.
"""

import sys
from pathlib import Path

import rasterio
import rasterio.shutil
import zarr

SIDE = 512


def main(cogs, array):
    group = zarr.open_group(Path(array).parent, mode="r+")
    date, name = 1, group["product_id"][1]
    group["data"][date, :, :SIDE, :SIDE] = 0
    [path] = Path(cogs).rglob(f"{name}/10m.tif")
    with rasterio.open(path) as image, rasterio.MemoryFile() as memory:
        pixels = image.read()
        pixels[:, :SIDE, :SIDE] = 0
        profile = {"driver": "GTiff", "count": image.count, "width": image.width, "height": image.height}
        profile |= {"dtype": image.dtypes[0], "crs": image.crs, "transform": image.transform, "nodata": 0}
        with memory.open(**profile) as copy:
            copy.write(pixels)
            copy.descriptions, copy.scales, copy.offsets = image.descriptions, image.scales, image.offsets
            copy.update_tags(**image.tags())
            for band in copy.indexes:
                copy.update_tags(band, **image.tags(band))
        path.unlink()
        options = {"COMPRESS": "ZSTD", "PREDICTOR": "YES", "BLOCKSIZE": SIDE, "OVERVIEWS": "NONE", "INTERLEAVE": "PIXEL"}
        with memory.open() as copy:
            rasterio.shutil.copy(copy, path, driver="COG", SPARSE_OK="TRUE", **options)
    with rasterio.open(path) as image:
        assert image.tags(1, ns="TIFF") is not None
        assert image.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1) is None, "the tile is stored"
        assert image.get_tag_item("BLOCK_OFFSET_1_1", "TIFF", bidx=1) is not None


main(*sys.argv[1:])
