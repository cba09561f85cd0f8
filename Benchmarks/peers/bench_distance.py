"""s2-intake beside plain curls over a link whose connections each have a rate, as the Data Space's do.

    bench_distance.py --data DIR --bin DIR --output DIR [--rounds 5] [--megabytes 300] [--connections 4]
"""

import os
import shutil

from bench_transfers import parser_of_transfers, products, race
from gateway import catalogue
from stopwatch import Command
from transfers import Transfers


def main() -> None:
    parser = parser_of_transfers()
    parser.add_argument("--connections", type=int, default=4)
    options = parser.parse_args()
    options.data = os.path.abspath(options.data)
    work = os.path.join(options.data, "transfers")
    # What a run that failed left.
    shutil.rmtree(work, ignore_errors=True)
    transfers = Transfers(options, "safe", products(options, work))
    transfers.fill()
    with catalogue(transfers.source, transfers.bucket, transfers.work) as url:
        commands = [transfers.intake_by(options.connections, url), *transfers.arriving([curls(transfers, options.connections)])]
        text, _ = race(options, f"intake at a distance, {transfers.count} files", commands, transfers.bytes)
    shutil.rmtree(work)
    with open(os.path.join(options.output, "distance.md"), "w") as file:
        file.write(text)
    print(text)


def curls(transfers: Transfers, count: int) -> Command:
    """So many curls, each with one connection and its share of the bytes, which verify nothing."""
    shares: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for path, size in sorted(transfers.expected.items(), key=lambda entry: -entry[1]):
        least = loads.index(min(loads))
        shares[least].append(path)
        loads[least] += size
    lists = [os.path.join(transfers.work, f"curl-{number}") for number in range(count)]
    for name, paths in zip(lists, shares):
        with open(name, "w") as file:
            for path in paths:
                file.write(f'url = "{os.environ["DSLAB_TEST_S3_ENDPOINT"]}/{transfers.bucket.name}/{path}"\n')
                file.write(f'output = "{transfers.target}/{path}"\n')
    user = f"{os.environ['AWS_ACCESS_KEY_ID']}:{os.environ['AWS_SECRET_ACCESS_KEY']}"
    command = ["curl", "--silent", "--show-error", "--fail", "--create-dirs", "--aws-sigv4", "aws:amz:default:s3"]
    command += ["--user", user, "--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "--config"]
    return Command(f"{count} curls", ["xargs", "--arg-file", _list_of(lists, transfers.work), "-n1", f"-P{count}", *command])


def _list_of(names: list[str], folder: str) -> str:
    path = os.path.join(folder, "curls")
    with open(path, "w") as file:
        file.write("\n".join(names) + "\n")
    return path


if __name__ == "__main__":
    main()
