"""Usage: check_zip.py ARCHIVE ZARR - an archive of `zipzarr` as zipfile, zarr-python and xarray see it, beside the groups of `zarr`.

Values, attributes and coordinates of all three resolutions must be equal. Prints how many entries the archive has.
"""

import sys
import zipfile

import numpy
import xarray
import zarr


def check_entries(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        entries = archive.infolist()
    assert all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    names = [entry.filename for entry in entries]
    assert len(set(names)) == len(names)
    documents = [name.endswith("zarr.json") for name in names]
    assert documents == sorted(documents, reverse=True) and any(documents), "documents come first"
    assert "zarr.json" in names
    return len(names)


def main(path, plain):
    count = check_entries(path)
    with zarr.storage.ZipStore(path, mode="r") as store:
        root = zarr.open_group(store, mode="r")
        assert sorted(root.group_keys()) == ["10m", "20m", "60m"]
        for name in root.group_keys():
            expected = zarr.open_group(f"{plain}/{name}", mode="r")
            assert dict(root[name].attrs) == dict(expected.attrs)
            assert numpy.array_equal(root[name]["data"][:], expected["data"][:]), name
            cube = xarray.open_zarr(store, group=name)
            xarray.testing.assert_identical(cube.load(), xarray.open_zarr(plain, group=name).load())
    tree = xarray.open_datatree(zarr.storage.ZipStore(path, mode="r"), engine="zarr")
    assert sorted(tree.children) == ["10m", "20m", "60m"]
    print(count)


main(*sys.argv[1:])
