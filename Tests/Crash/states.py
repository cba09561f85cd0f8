"""What may be seen of data at any moment, and readers of other projects that look: zarr-python and GDAL.

A date that a datacube declares, a GeoTIFF or a product that counts as complete must have the pixels and the metadata of the
product that it names. What is absent, or refuses to be opened, says nothing wrong.
"""

import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import rasterio
import zarr

from trees import below, digest, is_hidden, tree

sys.path.insert(0, str(Path(__file__).parents[1] / "Interoperability"))
from archive import BANDS, Product  # noqa: E402

warnings.filterwarnings("ignore", module="zarr")
# Most states that kills leave are alike.
_known = {}


def _once(key, look):
    if key not in _known:
        _known[key] = look()
    return _known[key]


class Truth:
    """Pixels by product as GDAL decodes them, and what undisturbed datacubes say of each product."""

    def __init__(self):
        self.pixels = {}
        self.rows = {}
        self.fixed = {}
        self.safe = {}

    def add_products(self, folder):
        for path in Path(folder).rglob("*.SAFE"):
            product = Product(path)
            self.safe[path.name] = tree(path)
            for resolution, bands in BANDS.items():
                self.pixels[resolution, product.name] = np.stack([product.pixels(band) for band in bands])

    def add_cube(self, cube, resolution):
        products = [str(name) for name in cube["product_id"][...]]
        for name, array in cube.arrays():
            values = array[...]
            if name == "data":
                for product, pixels in zip(products, values):
                    assert (pixels == self.pixels[resolution, product]).all(), f"{resolution} of {product} is not what GDAL decodes"
            elif "time" in (array.metadata.dimension_names or ()):
                for product, row in zip(products, values):
                    self.rows.setdefault((resolution, name, product), set()).add(plain(row))
            else:
                self.fixed.setdefault((resolution, name), set()).add(plain(values))

    def add_store(self, root):
        """All datacubes below a folder, in archives too."""
        for cube, resolution, _ in cubes(root, tree(root)):
            with cube:
                self.add_cube(cube.group(), resolution)


def plain(values):
    return repr(np.asarray(values).tolist())


class InFolder:
    """A datacube of files."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def group(self):
        return zarr.open_group(self.path, mode="r", use_consolidated=True)

    def names(self):
        return [entry.name for entry in os.scandir(self.path) if entry.is_dir()]

    def array(self, name):
        return zarr.open_array(f"{self.path}/{name}", mode="r")


class InArchive:
    """A datacube in an archive, which is closed at the end."""

    def __init__(self, path, name):
        self.path, self.name = path, name

    def __enter__(self):
        self.store = zarr.storage.ZipStore(self.path, mode="r")
        self.root = zarr.open_group(self.store, mode="r")
        return self

    def __exit__(self, *_):
        self.store.close()

    def group(self):
        return zarr.open_group(self.store, path=self.name, mode="r", use_consolidated=True)

    def names(self):
        return list(zarr.open_group(self.store, path=self.name, mode="r", use_consolidated=False).array_keys())

    def array(self, name):
        return zarr.open_array(self.store, path=f"{self.name}/{name}", mode="r")


def cubes(root, found):
    """Each datacube of a tree, its resolution, and the digest of its bytes."""
    visible = {name: value for name, value in found.items() if not is_hidden(name)}
    folders = {"/".join(name.split("/")[:3]) for name in visible if name.count("/") > 3 and name.split("/")[2] in BANDS}
    for folder in sorted(folders):
        yield InFolder(f"{root}/{folder}"), folder.split("/")[2], digest(below(visible, folder + "/"))
    for name in sorted(visible):
        for resolution in BANDS if name.endswith(".zip") else ():
            yield InArchive(f"{root}/{name}", resolution), resolution, visible[name]


def check_cubes(root, truth):
    """What is wrong with the datacubes below a folder."""
    if not Path(root).is_dir():
        return []
    problems = []
    for cube, resolution, mark in cubes(root, tree(root)):
        problems += _once(("cube", resolution, mark), lambda: _check_cube(cube, resolution, truth))
    return problems


def _check_cube(cube, resolution, truth):
    problems = []
    try:
        with cube:
            for how, arrays in [("its listing", _listed(cube)), ("its arrays alone", _alone(cube))]:
                problems += [f"{resolution} by {how}: {problem}" for problem in _check_arrays(arrays, resolution, truth)]
    except Exception as error:
        problems.append(f"{resolution}: {error!r}")
    return problems


def _listed(cube):
    """The arrays that the group's own document lists; none where it cannot be opened."""
    try:
        group = cube.group()
    except Exception:
        return {}
    return dict(group.arrays())


def _alone(cube):
    """The arrays whose own documents can be opened."""
    arrays = {}
    for name in cube.names():
        try:
            arrays[name] = cube.array(name)
        except Exception:
            continue
    return arrays


def _check_arrays(arrays, resolution, truth):
    values, problems = {}, []
    for name, array in arrays.items():
        try:
            values[name] = array[...]
        except Exception as error:
            problems.append(f"{name} cannot be read: {error!r}")
    products = [str(product) for product in values.get("product_id", [])]
    for name, array in arrays.items():
        if name not in values:
            continue
        if name == "data":
            problems += _check_pixels(values["data"], products, resolution, truth)
        elif "time" in (array.metadata.dimension_names or ()):
            problems += _check_rows(name, values[name], products, resolution, truth)
        elif plain(values[name]) not in truth.fixed.get((resolution, name), ()):
            problems.append(f"{name} has values of no undisturbed run")
    return problems


def _check_pixels(values, products, resolution, truth):
    """Dates beyond those that have a name yet must at least be some product's."""
    for index, pixels in enumerate(values):
        if index < len(products):
            expected = truth.pixels.get((resolution, products[index]))
            if expected is None:
                yield f"date {index} is of no product: {products[index]!r}"
            elif not np.array_equal(pixels, expected):
                zeros = int(((pixels == 0) & (expected != 0)).sum())
                others = int((pixels != expected).sum()) - zeros
                yield f"date {index} of {len(values)} has {zeros} zeros and {others} other wrong pixels, of {products[index]}"
        elif not any(np.array_equal(pixels, known) for (grid, _), known in truth.pixels.items() if grid == resolution):
            yield f"date {index} of {len(values)}, not named yet, has the pixels of no product"


def _check_rows(name, values, products, resolution, truth):
    for index, row in enumerate(values):
        if index < len(products):
            known = truth.rows.get((resolution, name, products[index]), ())
        else:
            known = {row for (grid, array, _), rows in truth.rows.items() if (grid, array) == (resolution, name) for row in rows}
        if plain(row) not in known:
            yield f"{name} of date {index} is {plain(row)[:60]}, not that of its product"


def check_geotiffs(root, truth):
    """A folder of GeoTIFFs counts once it has the product's metadata."""
    problems = []
    for document in Path(root).rglob("MTD_MSIL1C.xml"):
        folder = document.parent
        if is_hidden(str(folder.relative_to(root))):
            continue
        problems += _once(("cog", folder.name, digest(tree(folder))), lambda: _check_geotiffs(folder, truth))
    return problems


def _check_geotiffs(folder, truth):
    problems = []
    for resolution in BANDS:
        expected = truth.pixels.get((resolution, folder.name))
        try:
            with rasterio.open(folder / f"{resolution}.tif") as image:
                if not np.array_equal(image.read(), expected):
                    problems.append(f"{folder.name}/{resolution}.tif has other pixels")
        except Exception as error:
            problems.append(f"{folder.name}/{resolution}.tif: {error!r}")
    return problems


def check_products(root, truth, declared_by=""):
    """Products under their final names; in copies they count once they have the file that comes last."""
    problems = []
    for path in Path(root).rglob("*.SAFE"):
        if is_hidden(str(path.relative_to(root))) or (declared_by and not (path / declared_by).exists()):
            continue
        found, expected = tree(path), truth.safe[path.name]
        different = sorted(name for name in found | expected if found.get(name) != expected.get(name))
        if different:
            problems.append(f"{path.name} counts as complete, {different[0]} and {len(different) - 1} others differ")
    return problems


def check_days(root):
    """Each product of a day that is noted as finished is there."""
    problems = []
    for record in Path(root).glob(".intake-*.json"):
        for day, products in json.loads(record.read_text()).items():
            problems += [f"{record.name}: {product} of {day} is absent" for product in products if not (Path(root) / product).is_dir()]
    return problems
