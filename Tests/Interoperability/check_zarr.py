"""Usage: check_zarr.py SAFE ZARR/TILE/YEAR - exits with 0 when every reader sees what rasterio decodes."""

import sys

import numpy as np
import pandas as pd
import rioxarray  # noqa: F401  (gives data arrays their .rio)
import tensorstore
import xarray as xr
import zarr

from archive import BANDS, products


def expected_pixels(archive, resolution):
    return np.stack([np.stack([product.pixels(band) for band in BANDS[resolution]]) for product in archive])


def check_equal(reader, values, expected):
    assert values.dtype == np.uint16, f"{reader}: {values.dtype}"
    assert values.shape == expected.shape, f"{reader}: {values.shape} instead of {expected.shape}"
    different = int((values != expected).sum())
    assert different == 0, f"{reader}: {different} of {expected.size} values differ"


def with_zarr_python(path):
    return zarr.open_group(path, mode="r", use_consolidated=True)["data"][...]


def with_zarrs(path):
    with zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"}):
        return zarr.open_array(f"{path}/data", mode="r")[...]


def with_tensorstore(path):
    store = {"driver": "zarr3", "kvstore": {"driver": "file", "path": f"{path}/data"}}
    return tensorstore.open(store, read=True).result().read().result()


def check_metadata(path, archive, resolution):
    dataset = xr.open_zarr(path, consolidated=True, mask_and_scale=False, decode_coords="all")
    assert zarr.open_group(path, mode="r").metadata.consolidated_metadata is not None, "not consolidated"
    check_times(dataset, archive)
    check_place(dataset, archive[0], resolution)
    assert dataset.band.values.tolist() == BANDS[resolution]
    assert dataset.product_id.values.tolist() == [product.name for product in archive]
    assert dataset.processing_baseline.values.tolist() == [product.text("PROCESSING_BASELINE") for product in archive]
    assert dataset.radiometric_add_offset.values.tolist() == [product.offsets(resolution) for product in archive]
    assert (dataset.quantification_value == 10000).all()
    clouds = [float(product.text("Cloud_Coverage_Assessment")) for product in archive]
    np.testing.assert_allclose(dataset.cloud_cover, clouds)
    return dataset


def check_times(dataset, archive):
    times = dataset.indexes["time"]
    assert isinstance(times, pd.DatetimeIndex), "time is not decoded"
    assert times.is_monotonic_increasing and times.is_unique
    starts = [pd.Timestamp(product.text("PRODUCT_START_TIME")).tz_localize(None) for product in archive]
    assert list(times) == [start.floor("ms") for start in starts]
    assert any(time.microsecond for time in times), "milliseconds are lost"


def check_place(dataset, product, resolution):
    with product.band(BANDS[resolution][0]) as band:
        assert dataset.rio.crs.to_epsg() == band.crs.to_epsg() == 32635
        assert dataset.data.rio.transform(recalc=True) == band.transform
        columns, rows = np.arange(band.width), np.arange(band.height)
        np.testing.assert_array_equal(dataset.x, (band.transform * (columns + 0.5, 0 * columns))[0])
        np.testing.assert_array_equal(dataset.y, (band.transform * (0 * rows, rows + 0.5))[1])


def main(safe, year):
    archive = products(safe)
    readers = [with_zarr_python, with_zarrs, with_tensorstore]
    for resolution in BANDS:
        path = f"{year}/{resolution}"
        expected = expected_pixels(archive, resolution)
        assert len(np.unique(expected)) > 1000, "plain pictures prove nothing"
        for reader in readers:
            check_equal(f"{reader.__name__} {resolution}", reader(path), expected)
        dataset = check_metadata(path, archive, resolution)
        check_equal(f"xarray {resolution}", dataset.data.values, expected)
        print(f"{resolution}: {expected.shape[0]} dates, {expected.shape[1]} bands, {len(readers) + 1} readers")


main(*sys.argv[1:])
