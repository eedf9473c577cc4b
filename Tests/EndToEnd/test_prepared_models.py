"""What `model prepare` writes gives the source's embeddings in ONNX Runtime, and passes ONNX's own checker in full.

A precision is a line in PRECISIONS; sources are sound models, models of exporters, and small ones with a defect each.
"""
import importlib.util
import os
import pathlib
import shutil
import subprocess

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

import small_models
import torch_models
from conftest import MBF, ROOT, SFACE, cosines, needs_data, run
from onnx import numpy_helper

# Cosine to the source's embeddings: the least mean and the least minimum; and how far lengths may be off, as a share.
# int8's are comparison.int8, on faces that it was not calibrated on; models that test_int8.py has are left to it.
FLOATS = {"fp32": (0.999999, 0.999999, 6e-5), "fp16": (0.9999, 0.999, 0.05)}
PRECISIONS = FLOATS | {"int8": (0.995, 0.98, 0.1)}
# What int8 adds to the operators of a graph for TensorRT.
PAIRS = {"QuantizeLinear", "DequantizeLinear"}
TARGETS = ("tensorrt", "onnxruntime")


def session(model):
    """A session of ONNX Runtime for a model or its path."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    content = str(model) if isinstance(model, pathlib.Path) else model.SerializeToString()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def source_embeddings(model, faces, mean=127.5, scale=127.5):
    """The source's embeddings of BGR faces, one face at a time, since its batch may be fixed."""
    source = session(model)
    images = ((faces[..., ::-1].astype(np.float32) - mean) / scale).transpose(0, 3, 1, 2)
    name = source.get_inputs()[0].name
    return np.concatenate([source.run(None, {name: image[None]})[0].reshape(1, -1) for image in images])


def prepare(path, output, precision="fp32", target="tensorrt", options=()):
    result = run("model", "prepare", path, "-o", output, "--precision", precision, "--target", target, *options)
    assert result.returncode == 0, result.stderr
    onnx.checker.check_model(str(output), full_check=True)
    return output


def check(path, expected, faces, tmp_path, precision, target, calibration=None):
    """Prepares the file, checks its contract, its embeddings, and that a second preparation changes nothing."""
    options = ("--calibration-faces", calibration) if precision == "int8" else ()
    output = prepare(path, tmp_path / "prepared.onnx", precision, target, options)
    prepared = session(output)
    assert [(value.name, value.type, value.shape) for value in prepared.get_inputs()] == [
        ("faces", "tensor(uint8)", ["N", 112, 112, 3])]
    assert [(value.name, value.type) for value in prepared.get_outputs()] == [("embedding", "tensor(float)")]
    actual = prepared.run(None, {"faces": faces})[0]
    least_mean, least, length = PRECISIONS[precision]
    cosine = cosines(expected, actual)
    assert cosine.mean() >= least_mean and cosine.min() >= least, cosine
    if precision == "int8":
        assert np.sqrt(np.maximum(2 - 2 * cosine, 0)).mean() < 0.1, cosine
        operators = [node.op_type for node in onnx.load(output).graph.node]
        assert PAIRS <= set(operators) and cosine.min() < 1 - 1e-9, "nothing was quantised"
    # The length is a measure of quality, so it counts too.
    ratio = np.linalg.norm(actual, axis=1) / np.linalg.norm(expected, axis=1)
    assert np.abs(ratio - 1).max() < length, ratio
    again = prepare(output, tmp_path / "again.onnx", precision, target)
    assert again.read_bytes() == output.read_bytes()
    return output


@pytest.fixture(scope="module")
def faces(aligned_faces):
    """Eight aligned faces, uint8 [8,112,112,3] BGR."""
    return np.stack([cv2.imread(str(path)) for path in aligned_faces[:8]])


@pytest.fixture(scope="session")
def calibration(aligned_faces, tmp_path_factory):
    """A list of 64 faces to calibrate on, none of them among `faces`."""
    path = tmp_path_factory.mktemp("calibration") / "faces.txt"
    path.write_text("".join(f"{face}\n" for face in aligned_faces[8:72]))
    return path


@pytest.fixture(scope="session")
def iresnet18(tmp_path_factory):
    """IResNet-18 as files, with normalisations as nodes and folded, and the figures of its maker."""
    spec = importlib.util.spec_from_file_location("make_iresnet", ROOT / "scripts/make_iresnet.py")
    make_iresnet = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_iresnet)
    folder = tmp_path_factory.mktemp("iresnet")
    paths = {}
    for form in ("plain", "folded"):
        paths[form] = folder / f"{form}.onnx"
        model, paths["parameters"], paths["multiply_adds"] = make_iresnet.build(18, calibration=2, fold=form == "folded")
        onnx.save(model, paths[form])
    return paths


@pytest.fixture(scope="session")
def torch_exports(tmp_path_factory):
    """A folder of PyTorch's exports, made by Debian's Python, or the one that ARCFACE_TEST_TORCH_PYTHON names."""
    python = os.environ.get("ARCFACE_TEST_TORCH_PYTHON", "/usr/bin/python3")
    probe = shutil.which(python) and subprocess.run([python, "-c", "import torch, torch.onnx"], capture_output=True)
    if not probe or probe.returncode != 0:
        pytest.skip(f"{python} has no torch (apt-get install --no-install-recommends python3-torch python3-onnx)")
    folder = tmp_path_factory.mktemp("torch")
    made = subprocess.run([python, torch_models.__file__, str(folder)], capture_output=True, text=True, timeout=600)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("form", ["plain", "folded"])
@pytest.mark.parametrize("precision", PRECISIONS)
def test_iresnet18(precision, form, target, iresnet18, faces, calibration, tmp_path):
    expected = source_embeddings(iresnet18[form], faces)
    output = check(iresnet18[form], expected, faces, tmp_path, precision, target, calibration)
    # Only the normalisations in front of padded convolutions are left.
    nodes = [node.op_type for node in onnx.load(output).graph.node]
    assert nodes.count("BatchNormalization") <= 8


@needs_data
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("precision", FLOATS)
def test_a_trained_mobilefacenet(precision, target, faces, tmp_path):
    check(MBF, source_embeddings(MBF, faces), faces, tmp_path, precision, target)


def plain_sface():
    """SFace with its weights dequantised here: (q − zero point) · scale, a scale for each run of a row."""
    model = onnx.load(SFACE)
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    kept = []
    for node in model.graph.node:
        if node.op_type != "DequantizeLinear":
            kept.append(node)
            continue
        attributes = {attribute.name: attribute.i for attribute in node.attribute}
        quantised, scale, zero = (constants[name] for name in node.input)
        if scale.size > 1:
            axis = attributes["axis"] % quantised.ndim
            block = attributes["block_size"]
            scale, zero = (np.repeat(array, block, axis).take(range(quantised.shape[axis]), axis)
                           for array in (scale, zero))
        array = (quantised.astype(np.float32) - zero.astype(np.float32)) * scale
        model.graph.initializer.append(numpy_helper.from_array(array.astype(np.float32), node.output[0]))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    taken = {name for node in kept for name in node.input}
    for value in list(model.graph.input)[1:]:
        if value.name not in constants and value.name not in taken or value.name in {n for k in kept for n in k.output}:
            model.graph.input.remove(value)
    return model


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("precision", FLOATS)
def test_sface(precision, target, faces, tmp_path):
    expected = source_embeddings(plain_sface(), faces, mean=0, scale=1)
    check(SFACE, expected, faces, tmp_path, precision, target)


@pytest.mark.parametrize("name", torch_models.EXPORTS)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_exports_of_pytorch(precision, name, torch_exports, faces, calibration, tmp_path):
    path = torch_exports / f"{name}.onnx"
    output = check(path, source_embeddings(path, faces), faces, tmp_path, precision, "tensorrt", calibration)
    model = onnx.load(output)
    assert model.opset_import[0].version >= 13
    assert {node.op_type for node in model.graph.node} - PAIRS <= {
        "Add", "BatchNormalization", "Cast", "Conv", "Flatten", "Gemm", "PRelu", "Sub", "Transpose"}


@pytest.mark.parametrize("defect", small_models.DEFECTS, ids=lambda defect: defect.__name__)
@pytest.mark.parametrize("precision", PRECISIONS)
def test_each_defect_is_mended(precision, defect, faces, calibration, tmp_path):
    damaged = small_models.sound_model(opset=13)
    reference = small_models.sound_model(opset=13)
    if defect is small_models.duplicate_weights:
        defect(reference)
    defect(damaged)
    path = tmp_path / "damaged.onnx"
    onnx.save(damaged, path)
    output = check(path, source_embeddings(reference, faces), faces, tmp_path, precision, "tensorrt", calibration)
    model = onnx.load(output)
    assert {node.op_type for node in model.graph.node} - PAIRS <= {
        "AveragePool", "Cast", "Conv", "Flatten", "Gemm", "PRelu", "Sub", "Transpose"}
    kept = {entry.key: entry.value for entry in model.metadata_props}
    for entry in damaged.metadata_props:
        assert kept[entry.key] == entry.value
    assert model.doc_string == damaged.doc_string


def test_quantised_weights_are_whole_again(faces, tmp_path):
    damaged = small_models.sound_model()
    small_models.quantised_weights(damaged)
    path = tmp_path / "quantised.onnx"
    onnx.save(damaged, path)
    check(path, source_embeddings(damaged, faces), faces, tmp_path, "fp32", "tensorrt")


def test_a_normalisation_inside_is_found(faces, tmp_path):
    damaged = small_models.sound_model()
    small_models.normalization_inside(damaged)
    path = tmp_path / "inside.onnx"
    onnx.save(damaged, path)
    output = check(path, source_embeddings(damaged, faces, mean=0, scale=1), faces, tmp_path, "fp32", "tensorrt")
    kept = {entry.key: entry.value for entry in onnx.load(output).metadata_props}
    assert kept["arcface.scale"] == "128.0" and kept["arcface.preprocessing_source"] == "graph"


def test_weights_in_another_file_come_into_one(faces, tmp_path):
    sound = small_models.sound_model()
    expected = source_embeddings(sound, faces)
    (tmp_path / "split").mkdir()
    path = tmp_path / "split/model.onnx"
    onnx.save(sound, path, save_as_external_data=True, location="model.bin", size_threshold=64)
    assert (tmp_path / "split/model.bin").stat().st_size > 30_000
    output = check(path, expected, faces, tmp_path, "fp32", "tensorrt")
    assert not any(tensor.external_data for tensor in onnx.load(output, load_external_data=False).graph.initializer)
    (tmp_path / "split/model.bin").unlink()
    result = run("model", "prepare", path, "-o", tmp_path / "missing.onnx", "--precision", "fp32")
    assert result.returncode == 65 and "model.bin" in result.stderr
    assert not (tmp_path / "missing.onnx").exists()
