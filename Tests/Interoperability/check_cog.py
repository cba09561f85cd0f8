"""Usage: check_cog.py SAFE COGS [--strict] - exits with 0 when every GeoTIFF is valid and says what the product says."""

import sys
from pathlib import Path

import numpy as np
import rasterio
from rio_cogeo.cogeo import cog_validate

from archive import BANDS, products


def folder(cogs, product):
    _, _, start, _, _, tile, _ = product.name.split("_")
    return Path(cogs) / tile[1:3] / tile[3] / tile[4:] / start[:4] / str(int(start[4:6])) / product.name


def check_valid(path, strict):
    valid, errors, warnings = cog_validate(path, strict=strict, quiet=True)
    # Without the strict rule, files may have no reduced images; nothing else is forgiven.
    others = [warning for warning in warnings if strict or "overviews" not in warning]
    assert valid and not errors and not others, f"{path}: {errors} {warnings}"


def check_description(image, product, resolution):
    offsets = [offset / 10000 for offset in product.offsets(resolution)]
    assert list(image.descriptions) == BANDS[resolution]
    assert set(image.nodatavals) == {0}
    np.testing.assert_allclose(image.scales, [1 / 10000] * image.count)
    np.testing.assert_allclose(image.offsets, offsets)
    assert image.tags()["PROCESSING_BASELINE"] == product.text("PROCESSING_BASELINE")
    assert all(float(image.tags(number)["WAVELENGTH"]) > 400 for number in image.indexes)


def check_pixels(image, product, resolution):
    for number, name in enumerate(BANDS[resolution], 1):
        with product.band(name) as band:
            assert (image.crs, image.transform, image.shape) == (band.crs, band.transform, band.shape)
            different = int((image.read(number) != band.read(1)).sum())
            assert different == 0, f"{image.name} {name}: {different} values differ"


def main(safe, cogs, *options):
    archive = products(safe)
    for product in archive:
        for resolution in BANDS:
            path = folder(cogs, product) / f"{resolution}.tif"
            check_valid(path, strict="--strict" in options)
            with rasterio.open(path) as image:
                check_description(image, product, resolution)
                check_pixels(image, product, resolution)
    print(f"{len(archive)} products, {len(archive) * len(BANDS)} files")


main(*sys.argv[1:])
