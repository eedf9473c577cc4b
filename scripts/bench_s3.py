#!/usr/bin/env python3
"""Pushes and pulls 300 MiB with our client and with boto3, by turns on the same server; prints the ratio of the medians.

Writes docs/benchmarks/s3.md with --write.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))
from s3_servers import SERVERS
from store_tools import probe

SIZE = 300 << 20

BOTO = """
import sys, boto3, botocore.config
sys.path.insert(0, sys.argv[1])
import s3_servers as s
client = boto3.client("s3", endpoint_url=sys.argv[2], aws_access_key_id=s.ACCESS_KEY, aws_secret_access_key=s.SECRET_KEY,
                      region_name=s.REGION, config=botocore.config.Config(s3={"addressing_style": "path"}))
import time
start = time.perf_counter()
if sys.argv[3] == "push":
    client.upload_file(sys.argv[4], "team", "boto")
else:
    client.download_file("team", "boto", sys.argv[4])
print(time.perf_counter() - start)
"""


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def boto(server, verb, path):
    """The transfer alone: starting Python and importing boto3 isn't counted."""
    line = [sys.executable, "-c", BOTO, str(ROOT / "Tests/EndToEnd"), server.endpoint, verb, str(path)]
    return float(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


def measure(server, folder, rounds):
    """Seconds by who and what, a list each; our process's start is counted."""
    source, copy = folder / "source", folder / "copy"
    with open(source, "wb") as file:
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
    times = {}
    for _ in range(rounds):
        for who, verb in [("boto3", "push"), ("ours", "push"), ("boto3", "pull"), ("ours", "pull")]:
            # A pull writes a new file: to replace one costs time of its own.
            copy.unlink(missing_ok=True)
            if who == "boto3":
                taken = boto(server, verb, source if verb == "push" else copy)
            elif verb == "push":
                taken = seconds(lambda: probe(server, "put", "ours", source))
            else:
                taken = seconds(lambda: probe(server, "get", "ours", copy, SIZE))
            times.setdefault((who, verb), []).append(taken)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/s3.md")
    options = parser.parse_args()
    rows = []
    for name, (program, kind) in SERVERS.items():
        if not program.exists():
            sys.exit(f"no {name}: make deps-s3")
        with tempfile.TemporaryDirectory() as folder:
            server = kind(pathlib.Path(folder) / "server")
            try:
                times = measure(server, pathlib.Path(folder), options.rounds)
            finally:
                server.stop()
        for verb in ("push", "pull"):
            speed = {who: SIZE / 2**20 / statistics.median(times[who, verb]) for who in ("ours", "boto3")}
            rows.append(f"| {name} | {verb} | {speed['ours']:.0f} | {speed['boto3']:.0f} | {speed['ours'] / speed['boto3']:.2f} |")
            print(rows[-1], flush=True)
    if options.write:
        text = (ROOT / "docs/benchmarks/s3.md").read_text()
        head = text[:text.index("| server |")]
        table = "| server | direction | ours, MiB/s | boto3, MiB/s | ratio |\n|---|---|---|---|---|\n"
        (ROOT / "docs/benchmarks/s3.md").write_text(head + table + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
