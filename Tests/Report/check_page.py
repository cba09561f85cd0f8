"""Opens reports in a real browser, on a phone and a wide screen, light, dark and on paper, and measures what a reader sees.

    python3 Tests/Report/check_page.py BIN [--screenshots FOLDER]

BIN is the folder of the built tools. Without a browser it says so and ends with status 0.
"""

import argparse
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import make_results

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MOST_BYTES = 500_000
MEASURE = pathlib.Path(__file__).with_name("measure.js").read_text()
# Paper is A4 less its margins, in pixels of 96 dpi.
SETTINGS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"), (703, "print")]


def find_browser():
    for name in BROWSERS:
        path = shutil.which(name)
        # A snap's stub is there before the browser is.
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


def run_browser(browser, scheme, *arguments):
    """What the browser prints; without a sandbox, which containers do not permit."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            f"--user-data-dir={profile}", f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
            "--enable-logging=stderr", "--virtual-time-budget=5000", *arguments,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"the browser failed: {done.stderr[-2000:]}")
    return done


def frame(page, width, scheme):
    """A page that shows the report in a frame of a width, for windows have a least width, and measures it."""
    if scheme == "print":
        page = page.replace("@media print", "@media all")
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0"><iframe style="border:0;width:{width}px;height:2000px"'
        f' srcdoc="{html.escape(page)}"></iframe><script>{MEASURE}</script></body>'
    )


def faults(measured, scheme, console):
    """What is wrong, one line each."""
    if measured["width"] > measured["room"]:
        yield f"the page is {measured['width']} px wide and has {measured['room']} px"
    dark = measured["paper"] < 0.2
    if dark != (scheme == "dark"):
        yield f"the {scheme} scheme is not applied"
    yield from (f"small text: {text}" for text in measured["small"])
    yield from (f"weak contrast: {text}" for text in measured["weak"])
    yield from (f"cut off: {text}" for text in measured["cut"])
    yield from (f"one label on another: {text}" for text in measured["overlaps"])
    yield from (f"fetched: {text}" for text in measured["fetched"])
    yield from (line for line in console.splitlines() if "CONSOLE" in line)


def check(browser, page, width, scheme, folder):
    path = folder / "frame.html"
    path.write_text(frame(page, width, scheme))
    done = run_browser(browser, scheme, "--window-size=1400,2000", "--dump-dom", path.as_uri())
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.S)
    if not found:
        return ["the page could not be measured"], 0
    measured = json.loads(html.unescape(found[1]))
    return list(faults(measured, scheme, done.stderr)), measured["height"]


def take_pictures(browser, page, name, heights, folder):
    for (width, scheme), height in heights.items():
        wrapper = folder / "picture.html"
        wrapper.write_text(frame(page, width, scheme).replace("height:2000px", f"height:{height}px"))
        target = folder / f"{name}-{width}-{scheme}.png"
        run_browser(browser, scheme, f"--window-size={max(width, 500)},{height}", f"--screenshot={target}", wrapper.as_uri())
        wrapper.unlink()
    source = folder / f"{name}.html"
    source.write_text(page)
    run_browser(browser, "light", "--no-pdf-header-footer", f"--print-to-pdf={folder / name}.pdf", source.as_uri())


def reports(binary, folder):
    """Names and pages: one run, two runs compared beside published figures, and a doubtful one."""
    first, second, doubtful = make_results.write(folder)
    published = pathlib.Path(__file__).parents[2] / "docs/published/hamk-datacube-storage-lab.json"
    asked = {"one": [first], "compared": [first, second, "--published", str(published)], "doubtful": [doubtful]}
    for name, arguments in asked.items():
        output = f"{folder}/{name}"
        subprocess.run([f"{binary}/patch-bench", "report", *arguments, "--output", output, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        yield name, pathlib.Path(output, pathlib.Path(arguments[0]).stem + ".html").read_text()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--screenshots")
    asked = parser.parse_args()
    browser = find_browser()
    if not browser:
        print("test-report: skipped, no Chromium here")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, page in reports(asked.binary, folder):
            wrong = []
            if len(page.encode()) >= MOST_BYTES:
                wrong.append(f"{name}: {len(page.encode())} bytes")
            heights = {}
            for width, scheme in SETTINGS:
                found, heights[width, scheme] = check(browser, page, width, scheme, pathlib.Path(folder))
                wrong += [f"{name}, {width} px, {scheme}: {line}" for line in found]
            if asked.screenshots:
                pathlib.Path(asked.screenshots).mkdir(parents=True, exist_ok=True)
                take_pictures(browser, page, name, heights, pathlib.Path(asked.screenshots))
            for line in wrong:
                print(line)
            failed += len(wrong)
            print(f"{name}: {len(page.encode()) // 1000} kB, {len(SETTINGS)} settings, {len(wrong)} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
