"""Usage: run.py BIN [MUTANTS] [SEED] [FIRST] - runs the tools of the folder BIN on mutated inputs.

Listings of S3, refusals that echo headers, answers of the catalogue, metadata, .env and AWS files, plans of patches, and the
files of all formats. Each mutant must end by itself within 60 s, not by a signal, with less than 2 GiB of memory,
and say nothing with a control character or a secret. A mutant is made anew by the same SEED with its number as FIRST.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import server
from families import Families
from mutate import Mutator

SECONDS, KIBIBYTES = 60, 2 << 20
SECRETS = ["fuzzsecretfuzzsecret/0123456789", "sessiontoken/sessiontoken+sessiontoken=="]
SIGNATURE = re.compile("Signature=[0-9a-f]{16}")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Run:
    def __init__(self, bin, root, address):
        self.bin, self.root = Path(bin).absolute(), Path(root)
        self.variables = {
            "PATH": "/usr/bin:/bin", "HOME": str(root), "ROOT": str(root), "AWS_ENDPOINT_URL": address,
            "DSLAB_STAC_URL": f"{address}/stac", "DSLAB_S2L1C_S3_PROFILE": "lab", "DSLAB_INTAKE_PROFILE": "lab",
            "DSLAB_S2L1C_S3_ZARR_BUCKET": "bucket", "DSLAB_LOG_FOLDER": f"{root}/results",
            "DSLAB_S2L1C_TEMP_ZARR_PATH": f"{root}/temp", "DSLAB_S2L1C_NETWORK_SAFE_PATH": f"{root}/safe",
            "DSLAB_S2L1C_NETWORK_COGS_PATH": f"{root}/cogs", "DSLAB_S2L1C_NETWORK_ZARR_PATH": f"{root}/zarr",
            "DSLAB_S2L1C_NETWORK_SHARDZARR_PATH": f"{root}/shardzarr", "DSLAB_S2L1C_NETWORK_ZIPZARR_PATH": f"{root}/zipzarr",
        }

    def prepare(self):
        (self.root / ".aws").mkdir()
        (self.root / ".aws/config").write_text("[default]\nregion = x\n\n[profile lab]\nregion = default\ns3 =\n    max_concurrent_requests = 20\n")
        (self.root / ".aws/credentials").write_text(
            f"[lab]\naws_access_key_id = FUZZACCESSKEY\naws_secret_access_key = {SECRETS[0]}\naws_session_token = {SECRETS[1]}\n"
        )
        bench = ["patch-bench", "run", "--storages", "network", "--formats", "cog", "zarr", "--num_repeats", "2"]
        for command in [
            ["s2-synth", "--output", "safe", "--dates", "2", "--extent", "192"], ["safe2cog"], ["safe2zarr"],
            ["safe2zarr", "--layout", "shardzarr"], ["safe2zarr", "--layout", "zipzarr"], bench + ["--patch_size", "600", "--write_plan", "plan.json"],
        ]:
            status, output, _ = self.tool(command)
            assert status == 0, output

    def tool(self, command):
        """Status, everything that was printed, and the most memory in KiB."""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                [self.bin / command[0], *command[1:]], cwd=self.root, env=self.variables, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT,
            )
            end = time.monotonic() + SECONDS
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() > end:
                    process.kill()
                    _, status, usage = os.wait4(process.pid, 0)
                    return "hang", "", usage.ru_maxrss
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            return process.returncode, output.read().decode(errors="replace"), usage.ru_maxrss

    def faults(self, status, output, memory):
        if status == "hang":
            yield f"does not end within {SECONDS} s"
        elif status < 0 or status >= 128:
            yield f"ends by signal {-status}"
        elif status not in (0, 1, 3, 64, 75):
            yield f"exits with {status}"
        if memory > KIBIBYTES:
            yield f"takes {memory >> 10} MiB"
        if found := CONTROL.search(output):
            yield f"prints {found.group()!r}"
        if any(secret in output for secret in SECRETS) or SIGNATURE.search(output):
            yield "prints a secret"


def main(bin, mutants="2400", seed="1", first="0"):
    with tempfile.TemporaryDirectory(prefix="dslab-mutants-") as root:
        run = Run(bin, root, server.start())
        run.prepare()
        families = Families(root)
        endings, failed, largest = collections.Counter(), 0, 0
        start = time.monotonic()
        for number in range(int(first), int(first) + int(mutants)):
            mutator = Mutator(seed, number)
            family = families.all[number % len(families.all)]
            try:
                for command in family(mutator):
                    status, output, memory = run.tool(command)
                    endings[family.__name__, status] += 1
                    largest = max(largest, memory)
                    for fault in run.faults(status, output, memory):
                        failed += 1
                        print(f"seed {seed} mutant {number} ({family.__name__}): {' '.join(command)} {fault}\n{output[-2000:]}")
            finally:
                families.restore()
        for (family, status), count in sorted(endings.items(), key=str):
            print(f"{family:10} status {status}: {count}")
        seconds = time.monotonic() - start
        print(f"{mutants} mutants of seed {seed} in {seconds:.0f} s, at most {largest >> 10} MiB, {failed} faults")
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
