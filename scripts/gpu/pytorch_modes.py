#!/usr/bin/env python3
"""Times PyTorch's modes as `--runtime pytorch` runs them, on a machine without Swift: talks to the same worker.

    scripts/gpu/pytorch_modes.py prepared.onnx --packages .deps/python

The model must be a prepared one (`arcface-tensorrt model prepare … --precision fp32`). Prints, for each mode and batch size, the medians
in ms of copying to the GPU, computing and copying back (CUDA events), and the lowest cosine with the first mode's embeddings.
"""
import argparse
import json
import pathlib
import socket
import struct
import subprocess
import sys

import numpy as np

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources/PyTorchReference/Python"
HEADER = struct.Struct("<IQ")
SETUP, LOAD, MODEL, EMBED = 1, 3, 4, 5
FAILURE = 105


class Worker:
    def __init__(self, packages):
        self.socket, theirs = socket.socketpair()
        text = (SOURCES / "bootstrap.py").read_text()
        self.process = subprocess.Popen([sys.executable, "-c", text], stdin=theirs, stdout=theirs, start_new_session=True)
        theirs.close()
        modules = {path.stem: path.read_text() for path in SOURCES.glob("*.py") if path.stem != "bootstrap"}
        self.send(SETUP, json.dumps({"sources": modules, "packages": packages}).encode())
        self.receive()

    def send(self, kind, payload):
        self.socket.sendall(HEADER.pack(kind, len(payload)) + payload)

    def receive(self):
        kind, length = HEADER.unpack(self.exactly(HEADER.size))
        payload = self.exactly(length)
        if kind == FAILURE:
            raise RuntimeError(payload.decode())
        return payload

    def exactly(self, count):
        data = bytearray()
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                sys.exit(f"the worker ended with code {self.process.wait()}")
            data += part
        return bytes(data)

    def close(self):
        self.socket.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--modes", nargs="+", default=["fp32", "tf32", "fp16", "compile-fp16"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[1, 8, 32, 256])
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--packages", nargs="*", type=lambda path: str(pathlib.Path(path).resolve()), default=[])
    options = parser.parse_args()
    faces = np.random.default_rng(1).integers(0, 256, (max(options.sizes), 112, 112, 3), dtype=np.uint8)
    for mode in options.modes:
        worker = Worker(options.packages)
        settings = {"device": options.device, "mode": mode, "capacity": max(options.sizes), "threads": 2}
        worker.send(LOAD, json.dumps(settings).encode())
        worker.send(MODEL, options.model.read_bytes())
        ready = json.loads(worker.receive())
        print(f"{mode}: torch {ready['torch']} on {ready['device']}", flush=True)
        for size in sorted(options.sizes):
            times = []
            for _ in range(options.repeats + 5):
                worker.send(EMBED, faces[:size].tobytes())
                answer = worker.receive()
                times.append(struct.unpack("<3d", answer[:24]))
            rows = np.frombuffer(answer[24:], np.float32).reshape(size, -1).astype(np.float64)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            if mode == options.modes[0]:
                first = rows
            copied, computed, back = 1000 * np.median(times[5:], axis=0)
            cosine = (rows * first[:size]).sum(1).min()
            print(f"  {size:4}: {copied:8.3f} {computed:8.3f} {back:8.3f}   cosine ≥ {cosine:.7f}", flush=True)
        worker.close()


main()
