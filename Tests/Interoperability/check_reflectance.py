"""Run by run_page.py behind a page: `values`, or `reflectance`, are those of the products' own metadata.

The folder `safe` below the working directory has the products, `zarr` and `shardzarr` the cubes with the marked pixels.
"""

import os
import sys
from pathlib import Path

import numpy as np
import zarr as zarr_python

sys.path.insert(0, str(Path(os.environ["DSLAB_TEST_SCRIPTS"])))
from archive import products  # noqa: E402

result = globals().get("values", globals()["reflectance"])
by_name = {product.name: product for product in products("safe")}
offsets = np.array([by_name[name].offsets("10m") for name in result.product_id.values])
assert set(offsets.ravel()) == {0, -1000}, "one baseline proves nothing"

rows, columns = (np.isin(cube[axis].values, result[axis].values) for axis in ("y", "x"))
dn = zarr_python.open_array("shardzarr/35VLH/2024/10m/data", mode="r")[:][:, :, rows][:, :, :, columns]
quantification = np.array([float(by_name[name].text("QUANTIFICATION_VALUE")) for name in result.product_id.values])
expected = (dn.astype(float) + offsets[:, :, None, None]) / quantification[:, None, None, None]
is_measured = (dn != 0) & (dn != 65535)

found = result.values
assert found.dtype == np.float32, found.dtype
assert found.shape == expected.shape == (result.product_id.size, 4, rows.sum(), columns.sum())
assert np.isnan(found[~is_measured]).all() and (dn == 0).any() and (dn == 65535).any()
np.testing.assert_allclose(found[is_measured], expected[is_measured], rtol=1e-6, atol=1e-7)
if "saturated" in globals():
    assert (saturated.values == (dn == 65535)).all() and (nodata.values == (dn == 0)).all()
