"""The jobs that are killed or meet broken disks: where each begins, its command, and what it fills.

Paths have {archive} for what all share and nobody alters, {try} for the folder of one try, {bucket} for its buckets.
"""

from dataclasses import dataclass, field

TILE_YEAR = ["--tile_id", "35VLH", "--year", "2024"]
LAYOUTS = {
    "zarr": ["--chunk_time", "2", "--chunk_size", "96"],
    "shardzarr": ["--layout", "shardzarr", "--chunk_time", "2", "--chunk_size", "64"],
    "zipzarr": ["--layout", "zipzarr", "--chunk_time", "2", "--chunk_size", "96"],
}
# Sets of products: all five dates, the first three, all but the second, and all with a later processing of the third.
SETS = ["all", "first", "late", "newer"]


@dataclass
class Job:
    name: str
    command: list
    variables: dict
    # What is in the try's folder at first: copies of folders of the archive, or nothing.
    start: dict
    # What readers look at in each tree of the try, see `LOOKS` in site.py; a tree is compared when the job has ended.
    looks: dict
    # What the try's buckets hold at first; they are looked at and compared like trees.
    buckets: dict = field(default_factory=dict)
    # Trees that the job reads, for faults of sources.
    sources: list = field(default_factory=list)
    weight: int = 4

    @property
    def needs_gateway(self):
        return bool(self.buckets) or any("{source}" in value or "{catalogue}" in value for value in self.variables.values())


def variable(storage, format, kind="PATH"):
    return f"DSLAB_S2L1C_{storage}_{format.upper().replace('COG', 'COGS')}_{kind}"


def conversion(name, layout, products, start):
    return Job(
        f"{layout}-{name}", ["safe2zarr", *LAYOUTS[layout]],
        {variable("NETWORK", "safe"): f"{{archive}}/safe/{products}", variable("NETWORK", layout): f"{{try}}/{layout}"},
        {layout: start and f"{{archive}}/{layout}/{start}"}, {layout: ["cubes"]}, sources=[f"{{archive}}/safe/{products}"],
    )


def conversions():
    for layout in LAYOUTS:
        yield conversion("create", layout, "all", None)
        yield conversion("append", layout, "all", "first")
        yield conversion("insert", layout, "all", "late")
        yield conversion("supersede", layout, "newer", "all")
    # Products that were never read have no index yet; it is made beside them.
    yield Job(
        "zarr-index", ["safe2zarr", *LAYOUTS["zarr"]],
        {variable("NETWORK", "safe"): "{try}/safe", variable("NETWORK", "zarr"): "{try}/zarr"},
        {"safe": "{archive}/fresh", "zarr": None}, {"safe": ["products"], "zarr": ["cubes"]}, weight=2,
    )
    for name, products, start in [("create", "all", None), ("append", "newer", "first")]:
        yield Job(
            f"cog-{name}", ["safe2cog"],
            {variable("NETWORK", "safe"): f"{{archive}}/safe/{products}", variable("NETWORK", "cog"): "{try}/cog"},
            {"cog": start and f"{{archive}}/cog/{start}"}, {"cog": ["geotiffs"]}, sources=[f"{{archive}}/safe/{products}"],
        )


def synthesis():
    yield Job(
        "synth", ["s2-synth", "--output", "{try}/safe", "--dates", "5", "--extent", "240"], {}, {"safe": None},
        {"safe": ["products"]},
    )


LOOKS = {"safe": ["copies"], "cog": ["geotiffs"], "zarr": ["cubes"], "shardzarr": ["cubes"], "zipzarr": ["cubes"]}


def copying(name, command, formats, source, target, older, weight):
    """A copy to folders below {try}: `source` gives the variable and place of a format, `older` what is there already."""
    variables = dict(place(format) for format in formats for place in (source, target))
    return Job(
        name, [*command, "--formats", *formats], variables, {format: older.get(format) for format in formats},
        {format: LOOKS[format] for format in formats}, weight=weight,
        sources=[value for value in variables.values() if value.startswith("{archive}")],
    )


def staging():
    network = lambda format: (variable("NETWORK", format), f"{{archive}}/{format}/all")
    disk = lambda format: (variable("TEMP", format), f"{{try}}/{format}")
    bucket = lambda format: (variable("S3", format, "BUCKET"), f"{{source}}/{format}")
    kinds = [("", [], network, 4), ("-s3", ["--from", "s3"], bucket, 2)]
    for suffix, options, source, weight in kinds:
        command = ["nvme-stage", *options]
        formats = ["safe", "cog", "zarr"]
        older = {format: f"{{archive}}/{format}/late" for format in formats}
        yield copying(f"stage{suffix}-fresh", command, formats, source, disk, {}, weight)
        yield copying(f"stage{suffix}-again", command, formats, source, disk, older, weight)
        formats = ["shardzarr", "zipzarr"]
        older = {format: f"{{archive}}/{format}/late" for format in formats}
        yield copying(f"stage{suffix}-layouts-again", command, formats, source, disk, older, weight)


def mirrors():
    formats = ["safe", "cog", "zarr"]
    keyed = {"DSLAB_S2L1C_S3_PROFILE": "lab"}
    for name, older, extra in [("fresh", None, []), ("again", "late", []), ("shrunk", "newer", ["--delete_extraneous"])]:
        drive = {variable("NETWORK", format): f"{{try}}/{format}" for format in formats}
        yield Job(
            f"mirror-up-{name}", ["s3-mirror", "--direction", "up", *extra, "--formats", *formats],
            {**drive, **{variable("S3", format, "BUCKET"): f"{{bucket}}/{format}" for format in formats}, **keyed},
            {format: f"{{archive}}/{format}/all" for format in formats}, {format: LOOKS[format] for format in formats},
            buckets={format: older and f"{{archive}}/{format}/{older}" for format in formats}, weight=1,
            sources=[f"{{try}}/{format}" for format in formats],
        )
        source = lambda format: (variable("S3", format, "BUCKET"), f"{{source}}/{format}")
        drives = lambda format: (variable("NETWORK", format), f"{{try}}/{format}")
        there = {format: f"{{archive}}/{format}/{older}" for format in formats} if older else {}
        yield copying(f"mirror-down-{name}", ["s3-mirror", "--direction", "down", *extra], formats, source, drives, there, 2)


def intakes():
    place = {variable("NETWORK", "safe"): "{try}/safe", "DSLAB_STAC_URL": "{catalogue}"}
    pace = ["--tile_id", "35VLH", "--requests_per_minute", "1000000"]
    times = ["--time_start", "2024-01-01T00:00:00Z", "--time_end", "2024-05-01T00:00:00Z"]
    years = ["--year_start", "2024", "--year_end", "2025"]
    # There already: the first three products, under their names.
    for name, tool, span, start, weight in [
        ("intake", "s2-intake", times, None, 2), ("intake-year", "s2-intake-year", years, None, 1),
        ("intake-year-again", "s2-intake-year", years, "{archive}/safe/first", 1),
    ]:
        yield Job(
            name, [tool, *pace, *span], {**place, "DSLAB_INTAKE_PROFILE": "lab"}, {"safe": start},
            {"safe": ["products", "days"]}, weight=weight,
        )


def all_jobs():
    return [*conversions(), *synthesis(), *staging(), *mirrors(), *intakes()]
