"""What is mutated, and which tools read it: each family prepares one mutant and gives the commands to run."""

import json
from pathlib import Path

from server import Answers

PRODUCT = "S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102"


def listing(keys):
    items = "".join(
        f"<Contents><Key>{key}</Key><Size>{len(Answers.content)}</Size><ETag>&quot;{'0' * 32}&quot;</ETag>"
        "<LastModified>2024-06-11T10:00:00.000Z</LastModified></Contents>"
        for key in sorted(keys)
    )
    return f"<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode()


def catalogue():
    properties = {"datetime": "2024-06-11T09:50:31.024Z", "eopf:datastrip_id": "S2A_OPER_MSI_L1C_DS_2APS_20240611T103102_S20240611T095031_N05.10"}
    place = f"s3://eodata/Sentinel-2/MSI/L1C/2024/06/11/{PRODUCT}.SAFE"
    item = {"id": PRODUCT, "properties": properties, "links": [{"rel": "enclosure", "href": place}], "assets": {}}
    return json.dumps({"type": "FeatureCollection", "features": [item, item], "links": []}).encode()


class Families:
    """The folder of one run: an archive of which single files are replaced for a moment."""

    def __init__(self, root):
        self.root = Path(root)
        self.replaced = {}
        self.keys = [f"35VLH/2024/10m/data/c/0/0/0/{number}" for number in range(4)] + ["35VLH/2024/10m/zarr.json"]
        self.env = (
            "# settings\nexport DSLAB_S2L1C_NETWORK_SAFE_PATH=\"${ROOT:-/data}/safe\"\n"
            "DSLAB_S2L1C_NETWORK_ZARR_PATH='/data/zarr' # cubes\nDSLAB_LOG_FOLDER=${ROOT}/results\n"
            "DSLAB_S2L1C_S3_PROFILE=lab\nDSLAB_S2L1C_S3_ZARR_BUCKET=bucket/prefix\nOTHER=\"a\\\"b $ROOT\"\n"
        ).encode()
        self.plan = self.root / "plan.json"
        self.all = [self.s3, self.refused, self.stac, self.metadata, self.dotenv, self.aws, self.patches, self.files]

    def replace(self, path, data):
        path = Path(path)
        self.replaced[path] = path.read_bytes()
        path.write_bytes(data)

    def restore(self):
        for path, data in self.replaced.items():
            path.write_bytes(data)
        self.replaced = {}
        Answers.refuses = False

    def s3(self, mutator):
        Answers.listing = mutator.text(listing(self.keys))
        # A mirror would write into the archive that other mutants are made of.
        stage, mirror = ["nvme-stage", "--from", "s3"], ["s3-mirror", "--direction", "down", "--dry_run"]
        return [mutator.random.choice([stage, stage + ["--dry_run"], mirror]) + ["--formats", "zarr"]]

    def refused(self, mutator):
        Answers.refuses = True
        return [mutator.random.choice([["s3-mirror", "--formats", "zarr", "--direction", "down"], ["s2-status"]])]

    def stac(self, mutator):
        Answers.catalogue = mutator.text(catalogue())
        files = [f"Sentinel-2/MSI/L1C/2024/06/11/{PRODUCT}.SAFE/{name}" for name in ("manifest.safe", "MTD_MSIL1C.xml")]
        Answers.listing = mutator.text(listing(files)) if mutator.random.random() < 0.5 else listing(files)
        times = ["--time_start", "2024-06-11T00:00:00Z", "--time_end", "2024-06-12T00:00:00Z"]
        return [["s2-intake", "--tile_id", "35VLH", "--dry_run"] + times]

    def metadata(self, mutator):
        names = ["*.SAFE/MTD_MSIL1C.xml", "*.SAFE/GRANULE/*/MTD_TL.xml"]
        path = mutator.random.choice(sorted(self.root.glob(f"safe/**/{mutator.random.choice(names)}")))
        self.replace(path, mutator.text(path.read_bytes()))
        tool = mutator.random.choice(["safe2zarr", "safe2cog"])
        bench = ["patch-bench", "run", "--storages", "network", "--formats", "safe", "zarr", "--num_repeats", "1", "--patch_size", "600"]
        return [[tool, "--dry_run"], bench] if mutator.random.random() < 0.3 else [[tool, "--dry_run"]]

    def dotenv(self, mutator):
        (self.root / "mutant.env").write_bytes(mutator.text(self.env))
        names = ["DSLAB_S2L1C_NETWORK_SAFE_PATH", "DSLAB_LOG_FOLDER", "DSLAB_S2L1C_NETWORK_ZARR_PATH"]
        return [["s2-status", "--env_file", "mutant.env", "--print_setting", name] for name in names]

    def aws(self, mutator):
        path = self.root / ".aws" / mutator.random.choice(["config", "credentials"])
        self.replace(path, mutator.text(path.read_bytes()))
        Answers.listing = listing(self.keys)
        return [["s3-mirror", "--formats", "zarr", "--direction", "down", "--dry_run"]]

    def patches(self, mutator):
        (self.root / "mutant.json").write_bytes(mutator.text(self.plan.read_bytes()))
        return [["patch-bench", "run", "--storages", "network", "--formats", "cog", "zarr", "--plan", "mutant.json"]]

    def files(self, mutator):
        kind = mutator.random.choice(["cogs/**/*.tif", "safe/**/*_B*.jp2", "safe/**/*.tileparts.json", "zarr/**/*", "shardzarr/**/*", "zipzarr/**/*"])
        path = mutator.random.choice(sorted(found for found in self.root.glob(kind) if found.is_file()))
        change = mutator.text if path.suffix == ".json" else mutator.bytes
        self.replace(path, change(path.read_bytes()))
        name = path.relative_to(self.root).parts[0].replace("cogs", "cog")
        other = "cog" if name != "cog" else "zarr"
        return [["patch-bench", "verify", "--storages", "network", "--formats", other, name]]
