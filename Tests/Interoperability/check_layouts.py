"""Usage: check_layouts.py ZARR SHARDZARR ZIPZARR - which layout this GDAL opens; docs/data-layout.md has the same table.

The first two are groups of a resolution, the third one is an archive and the group of the first within it, apart by a colon.
Values, reference system and place are compared where GDAL opens it.
"""

import sys
import warnings

import rasterio
import rasterio.errors
import zarr

warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)


def opens(path, expected):
    try:
        with rasterio.open(f'ZARR:"{path}":/data:0:0') as band:
            assert (band.read(1) == expected["data"][0, 0]).all()
            assert band.crs.to_epsg() == int(expected.attrs["crs"].split(":")[1])
            transform = expected.attrs["spatial:transform"]
            assert list(band.transform)[:6] == transform
        return True
    except rasterio.errors.RasterioIOError:
        return False


def main(plain, sharded, zipped):
    archive, name = zipped.split(":")
    version = tuple(int(part) for part in rasterio.__gdal_version__.split(".")[:2])
    packed = zarr.open_group(zarr.storage.ZipStore(archive, mode="r"), path=name, mode="r")
    found = (
        opens(plain, zarr.open_group(plain, mode="r")),
        opens(sharded, zarr.open_group(sharded, mode="r")),
        opens(f"/vsizip/{archive}/{name}", packed),
    )
    # 3.11 is not known: no wheel with it could be had.
    expected = {(3, 10): (False, False, False), (3, 12): (True, False, True), (3, 13): (True, True, True)}
    assert version not in expected or found == expected[version], f"GDAL {version}: {found}"
    print(f"zarr {found[0]}, shardzarr {found[1]}, zipzarr {found[2]}")


main(*sys.argv[1:])
