"""What is recorded is the same in all formats, and what xarray's own engine opens."""

import numpy as np
import pytest
import xarray as xr

from conftest import TILE, YEAR


@pytest.mark.parametrize("name", ["10m", "20m", "60m"])
def test_datasets_equal_those_of_the_zarr_engine(archive, cube, name):
    own = xr.open_zarr(f"{archive['zarr']}/{TILE}/{YEAR}/{name}", chunks=None)
    ours = xr.open_dataset(f"{archive[cube.format]}/{TILE}/{YEAR}/{name}", engine="datacube", format=cube.format)
    xr.testing.assert_identical(ours.load(), own.load())
    assert ours.data.encoding["coordinates"] == own.data.encoding["coordinates"]


def test_pixels_are_read_where_they_are_asked_for(archive):
    path = f"{archive['zarr']}/{TILE}/{YEAR}/20m"
    own, ours = xr.open_zarr(path, chunks=None).data, xr.open_dataset(path, engine="datacube").data
    assert not ours.variable._in_memory
    for key in [
        dict(time=1, band=slice(0, 6, 2), y=slice(10, 30), x=5),
        dict(time=[2, 0], y=[9, 3, 3], x=slice(40, 20, -3)),
        dict(y=slice(0, 0)),
        dict(time=-1, band=-1, y=-1, x=-1),
        dict(time=slice(None, None, -1), x=slice(1, 2)),
    ]:
        xr.testing.assert_identical(ours.isel(key).load(), own.isel(key).load())
    points = dict(y=xr.DataArray([1, 7, 3], dims="p"), x=xr.DataArray([2, 0, 9], dims="p"))
    xr.testing.assert_identical(ours.isel(points).load(), own.isel(points).load())
    lazily = ours.isel(time=slice(0, 3))
    xr.testing.assert_identical(lazily.isel(y=slice(5, 9)).load(), own.isel(time=slice(0, 3), y=slice(5, 9)).load())


def test_a_group_may_be_named_apart(archive):
    ours = xr.open_dataset(archive["shardzarr"], engine="datacube", group=f"{TILE}/{YEAR}/60m", drop_variables="platform")
    named = xr.open_dataset(archive["shardzarr"], engine="datacube", tile=TILE, year=YEAR, resolution="60m")
    xr.testing.assert_identical(ours, named.drop_vars("platform"))
    with pytest.raises(ValueError, match="does not end like"):
        xr.open_dataset(archive["shardzarr"], engine="datacube")


def test_dask_reads_by_threads(archive):
    path = f"{archive['shardzarr']}/{TILE}/{YEAR}/10m"
    chunked = xr.open_dataset(path, engine="datacube", chunks={"y": 400, "x": 500})
    assert chunked.data.chunks is not None
    np.testing.assert_array_equal(chunked.data.mean().compute(), xr.open_zarr(path, chunks=None).data.mean())


def test_a_cube_tells_axes_and_dates(cube):
    assert cube.crs == "EPSG:32635" and cube.tile == TILE and cube.year == YEAR
    assert cube.bands["10m"] == ("B02", "B03", "B04", "B08") and cube.shape["20m"] == (600, 600)
    assert cube.transform["60m"] == (60.0, 0.0, 300000.0, 0.0, -60.0, 6800040.0)
    assert (np.diff(cube.time) > np.timedelta64(0)).all() and len(cube.product_id) == 4
    assert cube.radiometric_add_offset["20m"].shape == (4, 6)
    assert set(cube.radiometric_add_offset["10m"].ravel()) <= {0, -1000}
    assert cube.format in repr(cube) and "4 dates" in repr(cube)
