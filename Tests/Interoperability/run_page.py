"""Usage: run_page.py PAGE [CHECKS] - runs the Python blocks of a Markdown page one after the other, in one namespace.

CHECKS is a Python file that is run with the same names afterwards, to look at what the blocks made.
"""

import re
import sys
import traceback
from pathlib import Path

FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main(page, checks=None):
    text = Path(page).read_text()
    blocks = list(FENCE.finditer(text))
    assert blocks, f"{page} has no block of Python"
    names = {"__name__": "__page__"}
    for block in blocks:
        line = text.count("\n", 0, block.start(1)) + 1
        try:
            # Line numbers of errors are those of the page.
            exec(compile("\n" * (line - 1) + block.group(1), page, "exec"), names)
        except Exception:
            traceback.print_exc()
            sys.exit(f"{page}: the block at line {line} fails")
    if checks:
        exec(compile(Path(checks).read_text(), checks, "exec"), names)
    print(f"{len(blocks)} blocks")


main(*sys.argv[1:])
