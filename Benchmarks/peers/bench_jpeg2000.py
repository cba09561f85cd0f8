"""Our JPEG 2000 decoder beside OpenJPEG's, one thread each, whole files, in turn; every sample is compared.

    bench_jpeg2000.py --decoder Benchmarks/.build/release/jp2-decode [--rounds 5] FILE ...
"""

import argparse
import os
import subprocess
import time

import google_crc32c
import imagecodecs

from summary import paired_ratio, quartiles


def main() -> None:
    options = parse()
    print(f"OpenJPEG: {imagecodecs.jpeg2k_version()}. Million samples a processor second, medians of {options.rounds} rounds.\n")
    print("| file | million samples | ours | OpenJPEG | ratio | 95 % |\n|:--|--:|--:|--:|--:|:-:|")
    with subprocess.Popen([options.decoder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as decoder:
        for file in options.files:
            ours, theirs = [], []
            for number in range(options.rounds):
                answers = {}
                for name in ("ours", "theirs") if number % 2 else ("theirs", "ours"):
                    answers[name] = decode_by_us(decoder, file) if name == "ours" else decode_by_openjpeg(file)
                if answers["ours"][1:] != answers["theirs"][1:]:
                    raise SystemExit(f"{file}: the samples differ")
                ours.append(answers["ours"][0])
                theirs.append(answers["theirs"][0])
            millions = answers["ours"][1] / 1e6
            ratio, (low, high) = paired_ratio(theirs, ours)
            rates = [f"{millions / quartiles(seconds)[1]:.1f}" for seconds in (ours, theirs)]
            print(f"| {os.path.basename(file)} | {millions:.1f} | {' | '.join(rates)} | {ratio:.2f} | {low:.2f}–{high:.2f} |", flush=True)


def decode_by_us(decoder: subprocess.Popen, file: str) -> tuple[float, int, int]:
    print(file, file=decoder.stdin, flush=True)
    seconds, samples, checksum = decoder.stdout.readline().split()
    return float(seconds), int(samples), int(checksum)


def decode_by_openjpeg(file: str) -> tuple[float, int, int]:
    with open(file, "rb") as opened:
        data = opened.read()
    start = time.process_time()
    samples = imagecodecs.jpeg2k_decode(data, numthreads=1)
    seconds = time.process_time() - start
    return seconds, samples.size, google_crc32c.value(samples.tobytes())


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--decoder", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    main()
