#!/usr/bin/env python3
"""Compares an engine's embeddings with PyTorch's in float32: compare.py MODEL.onnx FOLDER ENGINE.plan [--exact]

With --exact, for an engine in float32, each face may be off by 1 − cosine = 1e-6, and every row must be the face's alone bit for
bit; nothing is timed. FOLDER holds cuda-engine-check, and faces.u8 (aligned faces, BGR) if there are real ones; random ones are added.
"""
import json
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
SIZE = 112 * 112 * 3


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def run(graph, image):
    """The operators of IResNet and MobileFaceNet, one after the other."""
    import torch.nn.functional as F

    values = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()).cuda() for t in graph.initializer}
    values[next(i.name for i in graph.input if i.name not in values)] = image
    for node in graph.node:
        x, a = [values[name] for name in node.input if name], attributes(node)
        if node.op_type == "Conv":
            y = F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, a.get("strides", [1, 1]), a.get("pads", [0] * 4)[:2],
                         groups=a.get("group", 1))
        elif node.op_type == "BatchNormalization":
            y = F.batch_norm(x[0], x[3], x[4], x[1], x[2], eps=a.get("epsilon", 1e-5))
        elif node.op_type == "PRelu":
            y = torch.where(x[0] < 0, x[0] * x[1], x[0])
        elif node.op_type == "Add":
            y = x[0] + x[1]
        elif node.op_type == "Flatten":
            y = x[0].flatten(1)
        elif node.op_type == "Gemm":
            y = x[0] @ (x[1].T if a.get("transB") else x[1]) + x[2]
        else:
            raise SystemExit(f"compare.py: no {node.op_type}")
        values[node.output[0]] = y
    return values[graph.output[0].name]


def main():
    model, folder, engine, exact = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], "--exact" in sys.argv[4:]
    real = folder / "faces.u8"
    faces = np.fromfile(real, np.uint8).reshape(-1, SIZE) if real.exists() else np.zeros((0, SIZE), np.uint8)
    wanted = 256 if len(faces) else 0
    random = np.random.default_rng().integers(0, 256, (300 - len(faces[:wanted]), SIZE), np.uint8)
    faces = np.concatenate([faces[:wanted], random])
    faces.tofile(folder / "input.u8")
    check = subprocess.run(
        [folder / "cuda-engine-check", "run", engine, folder / "input.u8", folder / "output.f32"]
        + ["--no-timing"] * exact, stdout=subprocess.PIPE if exact else None, text=True)
    if check.returncode:
        sys.exit(check.returncode)
    if exact:
        print(check.stdout, end="", flush=True)
        rows = json.loads(check.stdout.splitlines()[-1])
        if rows["rows_that_differ_alone"] or rows["rows_that_differ_elsewhere"]:
            sys.exit("rows depend on the batch")
    found = np.fromfile(folder / "output.f32", np.float32).reshape(len(faces), -1).astype(np.float64)
    graph = onnx.load(model).graph
    expected = []
    with torch.inference_mode():
        for start in range(0, len(faces), 50):
            bgr = torch.from_numpy(faces[start:start + 50].reshape(-1, 112, 112, 3)).cuda().float()
            image = (bgr.flip(3).permute(0, 3, 1, 2).contiguous() - 127.5) / 127.5
            expected.append(run(graph, image).double().cpu().numpy())
    expected = np.concatenate(expected)
    cosine = (found * expected).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
    parts = {"all": cosine, "real": cosine[:wanted], "random": cosine[wanted:]}
    for name, part in parts.items():
        if len(part):
            print(json.dumps({"model": pathlib.Path(model).stem, "faces": name, "count": len(part),
                              "cosine_mean": part.mean(), "cosine_min": part.min(), "off_by": 1 - part.min()}))
    if exact:
        if not cosine.min() >= 1 - 1e-6:
            sys.exit("the embeddings don't agree")
        return
    judged = parts["real"] if wanted else parts["all"]
    if not (judged.mean() >= 0.9999 and judged.min() >= 0.999):
        sys.exit("the embeddings don't agree")


main()
