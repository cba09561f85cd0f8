"""The products of an archive as rasterio sees them, the yardstick for what the converters write."""

from pathlib import Path
from xml.etree import ElementTree

import rasterio

BANDS = {
    "10m": ["B02", "B03", "B04", "B08"],
    "20m": ["B05", "B06", "B07", "B8A", "B11", "B12"],
    "60m": ["B01", "B09", "B10"],
}


class Product:
    """One SAFE folder."""

    def __init__(self, path):
        self.path = Path(path)
        self.name = self.path.name.removesuffix(".SAFE")
        self.metadata = ElementTree.parse(self.path / "MTD_MSIL1C.xml").getroot()
        [tile] = self.path.glob("GRANULE/*/MTD_TL.xml")
        self.tile = ElementTree.parse(tile).getroot()

    def text(self, element):
        return self.metadata.find(f".//{element}").text

    def offsets(self, resolution):
        found = {int(e.get("band_id")): int(e.text) for e in self.metadata.iter("RADIO_ADD_OFFSET")}
        order = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12"]
        return [found.get(order.index(band), 0) for band in BANDS[resolution]]

    def band(self, name):
        [path] = self.path.glob(f"GRANULE/*/IMG_DATA/*_{name}.jp2")
        return rasterio.open(path)

    def pixels(self, name):
        with self.band(name) as band:
            return band.read(1)


def products(safe):
    """All products below a folder, in order of sensing time."""
    found = [Product(path) for path in Path(safe).rglob("*.SAFE")]
    assert found, f"no product below {safe}"
    return sorted(found, key=lambda product: product.text("PRODUCT_START_TIME"))
