"""Makes what all jobs begin with: products, and what undisturbed runs make of them, in several sets of dates."""

import shutil
from pathlib import Path

import tools
import trees
from jobs import LAYOUTS, SETS, variable
from states import Truth


def build(bin, archive):
    """Fills a folder, and tells the truth about it."""
    archive = Path(archive)
    archive.mkdir(parents=True)

    def do(command, variables):
        ending = tools.run([bin / command[0], *command[1:]], variables, archive, archive.parent / "output", 300)
        assert ending.status == 0, f"{command}: {ending.output}"

    synth = ["s2-synth", "--dates", "5", "--extent", "240"]
    do([*synth, "--output", archive / "fresh"], {})
    do([*synth, "--output", archive / "later", "--baseline", "05.11"], {})
    products = sorted((archive / "fresh").rglob("*.SAFE"), key=lambda path: path.name.split("_")[2])
    third = products[2]
    later = reprocess(next(path for path in (archive / "later").rglob("*.SAFE") if path.parent.name == third.parent.name
                           and path.parent.parent.name == third.parent.parent.name), products[3])
    # Indexes are made now, so that sets can share them and sources stay as they are.
    do(["safe2cog"], {variable("NETWORK", "safe"): archive / "fresh", variable("NETWORK", "cog"): archive / "unused"})
    do(["safe2cog"], {variable("NETWORK", "safe"): archive / "later", variable("NETWORK", "cog"): archive / "unused"})
    chosen = {"all": products, "first": products[:3], "late": products[:1] + products[2:], "newer": products + [later]}
    for name in SETS:
        for product in chosen[name]:
            root = archive / ("later" if product == later else "fresh")
            target = archive / "safe" / name / product.relative_to(root)
            trees.link(product, target)
            shutil.copy2(f"{product}.tileparts.json", f"{target}.tileparts.json")
        safe = {variable("NETWORK", "safe"): archive / "safe" / name}
        do(["safe2cog"], {**safe, variable("NETWORK", "cog"): archive / "cog" / name})
        for layout, options in LAYOUTS.items():
            do(["safe2zarr", *options], {**safe, variable("NETWORK", layout): archive / layout / name})
    # As they came, for the job that makes the indexes.
    for index in (archive / "fresh").rglob("*.tileparts.json"):
        index.unlink()
    for folder in ["unused", "later"]:
        trees.remove(archive / folder)
    return truth(archive)


def reprocess(product, other):
    """Gives a product the pictures of another one, so that it differs in pixels from the processing that it follows."""
    [images] = product.glob("GRANULE/*/IMG_DATA")
    [others] = other.glob("GRANULE/*/IMG_DATA")
    for path in images.iterdir():
        [source] = others.glob("*_" + path.name.rsplit("_", 1)[1])
        shutil.copyfile(source, path)
    return product


def truth(archive):
    truth = Truth()
    for name in ["all", "newer"]:
        truth.add_products(archive / "safe" / name)
    for layout in LAYOUTS:
        for name in SETS:
            truth.add_store(archive / layout / name)
    return truth
