"""Usage: check_safe.py SAFE - exits with 0 when GDAL opens every product and every manifest is true."""

import hashlib
import sys
import warnings
from xml.etree import ElementTree

import rasterio
import rasterio.errors

from archive import products

# The document itself has no place on Earth, only its subdatasets do.
warnings.filterwarnings("ignore", category=rasterio.errors.NotGeoreferencedWarning)

ALGORITHMS = {"SHA3-256": "sha3_256", "MD5": "md5"}


def check_subdatasets(product):
    with rasterio.open(product.path / "MTD_MSIL1C.xml") as whole:
        names = whole.subdatasets
    sizes = {}
    for name in names:
        with rasterio.open(name) as part:
            sizes[name.split(":")[-2]] = (part.count, part.width)
    extent = sizes["10m"][1]
    wanted = {"10m": (4, extent), "20m": (6, extent // 2), "60m": (3, extent // 6), "TCI": (3, extent)}
    assert sizes == wanted, f"{product.path}: {sizes}"


def check_manifest(product):
    """Sizes and digests are true, and no file on disk is missing from the list."""
    listed = set()
    for stream in ElementTree.parse(product.path / "manifest.safe").iter("byteStream"):
        href = stream.find("fileLocation").get("href")
        checksum = stream.find("checksum")
        content = (product.path / href).read_bytes()
        assert len(content) == int(stream.get("size")), f"{href}: size"
        digest = hashlib.new(ALGORITHMS[checksum.get("checksumName")], content).hexdigest()
        assert digest == checksum.text.lower(), f"{href}: digest"
        listed.add((product.path / href).resolve())
    present = {path.resolve() for path in product.path.rglob("*") if path.is_file()}
    assert present - listed == {(product.path / "manifest.safe").resolve()}, present ^ listed
    return len(listed)


def main(safe):
    archive = products(safe)
    for product in archive:
        check_subdatasets(product)
    files = sum(check_manifest(product) for product in archive)
    print(f"{len(archive)} products, {files} files")


main(*sys.argv[1:])
