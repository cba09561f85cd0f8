"""The same calls on a bucket; scripts/test-python starts a Ceph gateway."""

import os
import subprocess

import numpy as np
import pytest

import datacube_lab
from conftest import TILE, YEAR

endpoint = os.environ.get("DSLAB_TEST_S3_ENDPOINT")
pytestmark = pytest.mark.skipif(endpoint is None, reason="DSLAB_TEST_S3_ENDPOINT names no server")


@pytest.fixture(scope="module")
def bucket(archive, tmp_path_factory):
    """The formats' buckets, filled, and the profile for them in place of others."""
    folder = tmp_path_factory.mktemp("aws")
    (folder / "config").write_text(f"[profile lab]\nendpoint_url = {endpoint}\nregion = default\n")
    keys = [os.environ[f"DSLAB_TEST_S3_{name}"] for name in ("ACCESS_KEY", "SECRET_KEY")]
    (folder / "credentials").write_text(f"[lab]\naws_access_key_id = {keys[0]}\naws_secret_access_key = {keys[1]}\n")
    names = {format: f"dslab_python_{os.getpid()}_{format}" for format in archive}
    variables = {"COGS" if format == "cog" else format.upper(): name for format, name in names.items()}
    os.environ |= {f"DSLAB_S2L1C_S3_{key}_BUCKET": name for key, name in variables.items()}
    os.environ |= {"AWS_CONFIG_FILE": f"{folder}/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/credentials"}
    os.environ["DSLAB_S2L1C_S3_PROFILE"] = "lab"
    subprocess.run([f"{os.environ['DSLAB_BIN']}/s3-mirror", "--quiet", "--formats", *archive], check=True)
    return names


@pytest.mark.parametrize("format", ["safe", "cog", "zarr", "shardzarr", "zipzarr"])
def test_a_bucket_has_what_the_folder_has(archive, bucket, format):
    with (
        datacube_lab.open(archive[format], TILE, YEAR, format=format) as folder,
        datacube_lab.open(f"s3://{bucket[format]}", TILE, YEAR, format=format, profile="lab") as cube,
        datacube_lab.open(("s3", format), TILE, YEAR) as named,
    ):
        patch = folder.draw_patches(1, 2400)[0]
        want = folder.read(*patch)
        for other in (cube, named):
            got = other.read(*patch)
            assert all(np.array_equal(want[name], got[name]) for name in want)


def test_what_is_wrong_is_said(bucket):
    with pytest.raises(datacube_lab.DatacubeError, match="dslab_no_such_bucket"):
        datacube_lab.open("s3://dslab_no_such_bucket", TILE, YEAR)
    with pytest.raises(ValueError, match="nobody"):
        datacube_lab.open(f"s3://{bucket['zarr']}", TILE, YEAR, profile="nobody")


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_read_from_a_bucket(bucket, start):
    torch = pytest.importorskip("torch")
    from datacube_lab.torch import PatchSeriesDataset, collate_series

    with datacube_lab.open(f"s3://{bucket['shardzarr']}", TILE, YEAR) as cube:
        dataset = PatchSeriesDataset(cube, size=1200, count=12)
        want = [dataset[number]["10m"] for number in range(12)]
        loader = torch.utils.data.DataLoader(
            dataset, batch_size=3, num_workers=2, collate_fn=collate_series, multiprocessing_context=start
        )
        got = torch.cat([batch["10m"] for batch in loader])
        assert np.array_equal(got.numpy(), torch.stack(want).numpy(), equal_nan=True)
