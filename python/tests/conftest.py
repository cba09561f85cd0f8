"""A small tile-year in all formats, made by the tools; DSLAB_BIN is where they are."""

import os
import subprocess
import tempfile

import pytest

FORMATS = ["safe", "cog", "zarr", "shardzarr", "zipzarr"]
TILE, YEAR, DATES, EXTENT = "35VLH", 2024, 4, 1200
_VARIABLES = {"cog": "COGS"}


def variable(storage: str, format: str) -> str:
    return f"DSLAB_S2L1C_{storage}_{_VARIABLES.get(format, format.upper())}_PATH"


@pytest.fixture(scope="session")
def archive():
    """The folder of each format."""
    tools = os.environ["DSLAB_BIN"]
    with tempfile.TemporaryDirectory() as root:
        folders = {format: f"{root}/{format}" for format in FORMATS}
        environment = {**os.environ, **{variable("NETWORK", format): folder for format, folder in folders.items()}}

        def run(tool: str, *options: str) -> None:
            subprocess.run([f"{tools}/{tool}", "--quiet", *options], check=True, env=environment)

        size = ["--dates", str(DATES), "--extent", str(EXTENT)]
        run("s2-synth", "--output", folders["safe"], "--tile_id", TILE, "--year", str(YEAR), *size)
        run("safe2cog")
        for layout in ["zarr", "shardzarr", "zipzarr"]:
            run("safe2zarr", "--layout", layout)
        os.environ.update({name: value for name, value in environment.items() if name.startswith("DSLAB_S2L1C_")})
        yield folders


@pytest.fixture(params=FORMATS)
def cube(request, archive):
    """The tile-year, of each format in turn."""
    import datacube_lab

    with datacube_lab.open(archive[request.param], TILE, YEAR, format=request.param) as cube:
        yield cube
