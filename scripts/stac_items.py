#!/usr/bin/env python3
"""stac_items.py: prints items of a STAC catalogue, one a line, made of SAFE products or copied from an item over a year.

Items have the structure of those of the Copernicus Data Space; the files that they name lie in a bucket under the same
keys as below the folder of the products.
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import xml.etree.ElementTree as ET

COLLECTION = "sentinel-2-l1c"
CLOCK = "%Y%m%dT%H%M%S"
BANDS = ["B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12", "TCI"]


def text(path, name):
    """The text of the first element of that local name, or None."""
    for element in ET.parse(path).iter():
        if element.tag.split("}")[-1] == name:
            return element.text.strip()
    return None


def time(value):
    """An RFC 3339 time in the form that compares as text."""
    day, clock = value.rstrip("Z").split("T")
    seconds, _, fraction = clock.partition(".")
    return f"{day}T{seconds}.{fraction[:6].ljust(6, '0')}Z"


def asset(product, key, bucket, path, media_type, roles, code):
    """One file; the multihash codes are as doubtful as the real catalogue's."""
    name = path.relative_to(product.parent).as_posix()
    data = path.read_bytes()
    digest = hashlib.sha3_256(data) if path.name != "manifest.safe" else hashlib.md5(data)
    nodes = "".join(f"/Nodes({part})" for part in name.split("/"))
    zipper = f"https://zipper.dataspace.copernicus.eu/odata/v1/Products(0)/{nodes[1:]}/$value"
    return {
        "href": f"s3://{bucket}/{key}/{path.relative_to(product).as_posix()}", "type": media_type, "roles": roles,
        "title": path.name, "file:size": len(data), "file:local_path": name,
        "file:checksum": f"{code}{digest.digest_size:02x}{digest.hexdigest()}",
        "auth:refs": ["s3"], "storage:refs": ["cdse-s3", "creodias-s3"], "alternate:name": "S3",
        "alternate": {"https": {"href": zipper, "auth:refs": ["oidc"], "storage:refs": [], "alternate:name": "HTTPS"}},
    }


def assets(product, key, bucket):
    xml = {"safe_manifest": "manifest.safe", "product_metadata": "MTD_MSIL1C.xml",
           "granule_metadata": "GRANULE/*/MTD_TL.xml", "inspire_metadata": "INSPIRE.xml",
           "datastrip_metadata": "DATASTRIP/*/MTD_DS.xml"}
    found = {}
    for name, pattern in xml.items():
        for path in sorted(product.glob(pattern)):
            found[name] = asset(product, key, bucket, path, "application/xml", ["metadata"], "d501")
    for band in BANDS:
        for path in sorted(product.glob(f"GRANULE/*/IMG_DATA/*_{band}.jp2")):
            found[band] = asset(product, key, bucket, path, "image/jp2", ["data", "reflectance"], "16")
    return found


def item(root, product, bucket):
    key = product.relative_to(root).as_posix()
    name = product.name.removesuffix(".SAFE")
    platform, _, _, baseline, orbit, tile, _ = name.split("_")
    metadata = product / "MTD_MSIL1C.xml"
    start = time(text(metadata, "PRODUCT_START_TIME"))
    degrees = [float(degree) for degree in text(metadata, "EXT_POS_LIST").split()]
    ring = list(zip(degrees[1::2], degrees[0::2]))
    strip = next(iter(sorted((product / "DATASTRIP").glob("*")))).name
    strip = f"{platform}_OPER_MSI_L1C_{strip}_N{baseline[1:3]}.{baseline[3:]}"
    return {
        "id": name, "type": "Feature", "stac_version": "1.1.0", "stac_extensions": [], "collection": COLLECTION,
        "bbox": box(ring), "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": start, "start_datetime": start, "end_datetime": start,
            "platform": f"sentinel-{platform[1:].lower()}", "constellation": "sentinel-2", "instruments": ["msi"],
            "gsd": 10, "grid:code": f"MGRS-{tile[1:]}", "product:type": "S2MSI1C", "processing:level": "L1",
            "processing:version": f"{baseline[1:3]}.{baseline[3:]}", "sat:relative_orbit": int(orbit[1:]),
            "eopf:datastrip_id": strip, "eopf:datatake_id": text(metadata, "DATATAKE_ID") or "",
            "eo:cloud_cover": float(text(metadata, "Cloud_Coverage_Assessment") or 0),
        },
        "links": [{
            "rel": "enclosure", "href": f"s3://{bucket}/{key}/", "type": "application/x-directory",
            "title": "S3 path to source directory", "auth:refs": ["s3"], "storage:refs": ["cdse-s3", "creodias-s3"],
        }],
        "assets": assets(product, key, bucket),
    }


def box(ring):
    """The extent of longitudes and latitudes; no tile of ours crosses the date line."""
    longitudes, latitudes = zip(*ring)
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def products(root):
    """Folders of whole products, without descending into them or into hidden folders."""
    for folder, names, _ in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in [name for name in names if name.endswith(".SAFE")]:
            names.remove(name)
            if (pathlib.Path(folder) / name / "manifest.safe").exists():
                yield pathlib.Path(folder) / name


def copy(like, tile, moment, baseline):
    """An item with another name, time, tile and processing; checksums, sizes and the footprint stay what they were."""
    platform, level, sensed, _, orbit, old_tile, made = like["id"].split("_")
    new_sensed = moment.strftime(CLOCK)
    name = f"{platform}_{level}_{new_sensed}_N{baseline.replace('.', '')}_{orbit}_T{tile}_{made}"
    document = json.dumps(like)
    for old, new in [
        (like["id"], name), (f"{old_tile}_{sensed}_", f"T{tile}_{new_sensed}_"),
        (datetime.datetime.strptime(sensed, CLOCK).strftime("/%Y/%m/%d/"), moment.strftime("/%Y/%m/%d/")),
    ]:
        document = document.replace(old, new)
    item = json.loads(document)
    times = dict.fromkeys(["datetime", "start_datetime", "end_datetime"], moment.isoformat(timespec="microseconds") + "Z")
    item["properties"] |= times | {"grid:code": f"MGRS-{tile}", "processing:version": baseline}
    return item


def year_of_copies(like, tile, year):
    """Copies for each second day, each tenth of them in an older processing too, and for two midnights.

    That is more than a page of 200, and the midnights are those at which June and July begin.
    """
    first = datetime.datetime(year, 1, 1, 9, 50, 31, 24000)
    for number in range(183):
        moment = first + datetime.timedelta(days=2 * number)
        yield copy(like, tile, moment, "05.10")
        if number % 10 == 0:
            yield copy(like, tile, moment, "05.09")
    for month in (6, 7):
        yield copy(like, tile, datetime.datetime(year, month, 1), "05.10")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--safe", help="folder of products to make items of")
    parser.add_argument("--bucket", default="eodata", help="where these items say that the files are (default: eodata)")
    parser.add_argument("--like", help="file of an item to copy over a year")
    parser.add_argument("--tile", default="35VLH", help="tile of the copies (default: 35VLH)")
    parser.add_argument("--year", type=int, default=2024, help="year of the copies (default: 2024)")
    options = parser.parse_args()
    if options.safe:
        for product in products(options.safe):
            print(json.dumps(item(pathlib.Path(options.safe), product, options.bucket)))
    if options.like:
        for made in year_of_copies(json.loads(pathlib.Path(options.like).read_text()), options.tile, options.year):
            print(json.dumps(made))


if __name__ == "__main__":
    main()
