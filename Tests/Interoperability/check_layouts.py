"""Usage: check_layouts.py ZARR SHARDZARR - which layout this GDAL opens; the table in docs/data-layout.md says the same.

Each is the group of a resolution. Values, reference system and place are compared where GDAL opens it.
"""

import sys
import warnings

import rasterio
import rasterio.errors
import zarr

warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)


def opens(path):
    expected = zarr.open_group(path, mode="r")
    try:
        with rasterio.open(f'ZARR:"{path}":/data:0:0') as band:
            assert (band.read(1) == expected["data"][0, 0]).all()
            assert band.crs.to_epsg() == int(expected.attrs["crs"].split(":")[1])
            transform = expected.attrs["spatial:transform"]
            assert list(band.transform)[:6] == transform
        return True
    except rasterio.errors.RasterioIOError:
        return False


def main(plain, sharded):
    version = tuple(int(part) for part in rasterio.__gdal_version__.split(".")[:2])
    found = (opens(plain), opens(sharded))
    # 3.11 is not known: no wheel with it could be had.
    expected = {(3, 10): (False, False), (3, 12): (True, False), (3, 13): (True, True)}
    assert version not in expected or found == expected[version], f"GDAL {version}: {found}"
    print(f"zarr {found[0]}, shardzarr {found[1]}")


main(*sys.argv[1:])
