"""The report: one Markdown table of all layouts, and the settings with which the peers ran."""

import json

from statistics import mean

from summary import compare, paired_ratio, quartiles


def rows(races: dict[str, list[dict]]) -> list[dict]:
    """A row for each contender and state of the page cache, in the order ours, peers by time, ceiling."""
    found = []
    for cache, samples in races.items():
        by_name: dict[str, list[dict]] = {}
        for sample in samples:
            by_name.setdefault(sample["contender"], []).append(sample)
        for name in by_name:
            by_name[name].sort(key=lambda sample: sample["round"])
        seconds = {name: [sample["seconds"] for sample in taken] for name, taken in by_name.items()}
        # All peers are judged together against ours; the ceiling is no contender.
        ratios = compare({name: taken for name, taken in seconds.items() if name != "ceiling"}, "ours")
        if "ceiling" in seconds:
            ratios |= compare({name: seconds[name] for name in ("ours", "ceiling")}, "ours")
        these = [_row(cache, name, seconds, by_name[name], ratios.get(name)) for name in by_name]
        found += sorted(these, key=lambda row: (row["contender"] == "ceiling", row["contender"] != "ours", row["median"]))
    return found


def _row(cache: str, name: str, seconds: dict, samples: list[dict], over_ours: dict | None) -> dict:
    low, median, high = quartiles(seconds[name])
    over_ours = over_ours or {"ratio": 1, "interval": [1, 1], "different": None}
    row = {"cache": cache, "contender": name, "median": median, "quartiles": [low, high], "loads": len(samples)}
    row |= {"ratio_to_ours": over_ours["ratio"], "ratio_interval": over_ours["interval"]}
    row["different"] = over_ours["different"]
    if "ceiling" in seconds:
        row["share_of_ceiling"] = paired_ratio(seconds["ceiling"], seconds[name])[0]
    if any(sample["files"] for sample in samples):
        shares = [sample["resident_before"] for sample in samples]
        row["resident_before"] = [min(shares), max(shares)]
    # Ticks of the system's clock are coarse; their sum is not.
    row["client_seconds"] = mean(sample["client_seconds"] for sample in samples)
    if all(sample["server_seconds"] is not None for sample in samples):
        row["server_seconds"] = mean(sample["server_seconds"] for sample in samples)
    row["disk_bytes"] = quartiles([s["disk_bytes"] for s in samples])[1]
    return row


_HEAD = """\
| layout | cache | contender | median s | IQR s | time / ours | 95 % | different | of the ceiling | in cache before | MB from disk | processor s | of the server |
|:--|:--|:--|--:|--:|--:|--:|:--|--:|--:|--:|--:|--:|
"""


def markdown(report: dict) -> str:
    lines = [_HEAD.rstrip()]
    for layout, content in report["layouts"].items():
        lines += [_line(layout, row) for row in content["rows"]]
    about = ", ".join(f"{key} {value}" for key, value in report["environment"].items())
    lines += ["", f"{report['products']} dates, values equal by checksum. {about}.", "", "Settings of the peers:", ""]
    for layout, content in report["layouts"].items():
        lines += [f"- {layout}, {name}: `{json.dumps(found)}`" for name, found in content["settings"].items()]
    return "\n".join(lines) + "\n"


def _line(layout: str, row: dict) -> str:
    low, high = row["ratio_interval"]
    own = row["contender"] == "ours"
    share = f"{100 * row['share_of_ceiling']:.0f} %" if "share_of_ceiling" in row else ""
    cells = [
        layout,
        row["cache"],
        f"**{row['contender']}**" if own else row["contender"],
        f"{row['median']:.4f}",
        f"{row['quartiles'][0]:.4f}–{row['quartiles'][1]:.4f}",
        "1" if own else f"{row['ratio_to_ours']:.2f}",
        "" if own else f"{low:.2f}–{high:.2f}",
        "" if own or row["contender"] == "ceiling" else {True: "yes", False: "no", None: "too few rounds"}[row["different"]],
        share,
        "–".join(f"{100 * share:.0f}" for share in row["resident_before"]) + " %" if "resident_before" in row else "",
        f"{row['disk_bytes'] / 1e6:.1f}",
        f"{row['client_seconds']:.3f}",
        f"{row['server_seconds']:.3f}" if "server_seconds" in row else "",
    ]
    return "| " + " | ".join(cells) + " |"
