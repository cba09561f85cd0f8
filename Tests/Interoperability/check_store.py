"""Usage: check_store.py ROOT CUBE… - exits with 0 when the store at ROOT has these cubes and no others.

ROOT is a folder or s3://bucket, of the profile DSLAB_S2L1C_S3_PROFILE; a cube is TILE/YEAR/RESOLUTION.
"""

import os
import sys
import tempfile
import warnings

import numpy as np
import xarray as xr
import zarr

# xarray looks for a listing above the cubes, and says that there is none.
warnings.filterwarnings("ignore", message="Failed to open Zarr store with consolidated metadata")


def check_cube(cube, expected):
    with tempfile.TemporaryDirectory() as folder:
        part = cube.isel(time=slice(0, 2), y=slice(5, 40), x=slice(7, 60)).load()
        part.to_netcdf(f"{folder}/part.nc")
        with xr.open_dataset(f"{folder}/part.nc") as written:
            assert written.data.dtype == np.uint16 and (written.data.values == part.data.values).all()
            assert (written.product_id.values == part.product_id.values).all()
            assert (written.time.values == part.time.values).all()
            assert written.spatial_ref.attrs["crs_wkt"] == part.spatial_ref.attrs["crs_wkt"]
    assert (part.data.values == expected[:2, :, 5:40, 7:60]).all() and expected.any()


def main(root, *cubes):
    options = {"profile": os.environ["DSLAB_S2L1C_S3_PROFILE"]} if root.startswith("s3://") else None
    tree = xr.open_datatree(root, engine="zarr", storage_options=options)
    found = [group.strip("/") for group in tree.groups if "data" in tree[group].ds]
    assert sorted(found) == sorted(cubes), f"{found} instead of {cubes}"
    store = zarr.open_group(root, mode="r", storage_options=options)
    assert store.metadata.consolidated_metadata is None
    for path in cubes:
        tile, rest = path.split("/", 1)
        expected = store[f"{path}/data"][...]
        level = zarr.open_group(f"{root}/{tile}", mode="r", storage_options=options)
        assert (level[f"{rest}/data"][0] == expected[0]).all()
        opened = [
            tree[path].to_dataset(),
            xr.open_zarr(root, group=path, storage_options=options),
            xr.open_zarr(f"{root}/{tile}", group=rest, storage_options=options),
            xr.open_zarr(f"{root}/{path}", storage_options=options, consolidated=True),
        ]
        for cube in opened:
            check_cube(cube, expected)
        attributes = opened[0].attrs
        assert attributes["crs"] == f"EPSG:326{tile[:2]}" and len(attributes["transform"].split("\n")) == 3
    year = xr.open_datatree(f"{root}/{tile}/{rest.split('/')[0]}", engine="zarr", storage_options=options)
    assert {name for name in year.children} == {path.split("/")[2] for path in cubes}
    print(f"{len(cubes)} cubes")


main(*sys.argv[1:])
