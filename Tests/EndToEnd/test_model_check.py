"""`model check`: verdicts and exit codes, figures against a re-computation in Python, faults planted in a model."""
import json
import os
import pathlib

import cv2
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from conftest import DATA, MBF, SFACE, cosines, embed, environment, needs_data, run

SNAPSHOT = pathlib.Path(__file__).parent / "snapshots/help-model-check.txt"


def check(*arguments, status=0, **options):
    """Runs `model check` and checks the exit status."""
    result = run("model", "check", *arguments, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def report(*arguments, **options):
    """The JSON that `model check` prints."""
    return json.loads(check(*arguments, "--json", **options).stdout)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Makes variants of a small network of three convolutions: `network(change={weight: function}, width=8)`."""
    folder = tmp_path_factory.mktemp("networks")

    def make(name, width=8, change=None):
        random = np.random.default_rng(5)
        shapes = {"w0": (16, 3, 3, 3), "w1": (16, 16, 3, 3), "w2": (16, 16, 3, 3), "w3": (width, 16)}
        weights = {key: random.normal(0, 0.2, shape).astype(np.float32) for key, shape in shapes.items()}
        for key, function in (change or {}).items():
            weights[key] = function(weights[key]).astype(np.float32)
        conv = lambda source, weight, target, stride: helper.make_node(
            "Conv", [source, weight], [target], name=f"conv_{target}", kernel_shape=[3, 3], pads=[1] * 4,
            strides=[stride] * 2)
        nodes = [conv("data", "w0", "c0", 8), helper.make_node("Relu", ["c0"], ["r0"]), conv("r0", "w1", "c1", 1),
                 helper.make_node("Relu", ["c1"], ["r1"]), conv("r1", "w2", "c2", 1),
                 helper.make_node("GlobalAveragePool", ["c2"], ["g"]), helper.make_node("Flatten", ["g"], ["f"]),
                 helper.make_node("Gemm", ["f", "w3"], ["fc1"], transB=1)]
        graph = helper.make_graph(
            nodes, "small", [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])],
            [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, width])],
            [numpy_helper.from_array(value, key) for key, value in weights.items()])
        path = folder / f"{name}.onnx"
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
        return path

    return make


@pytest.fixture(scope="module")
def crops(aligned_faces, tmp_path_factory):
    """A folder of twelve aligned faces."""
    folder = tmp_path_factory.mktemp("crops")
    for path in aligned_faces[:12]:
        (folder / path.name).symlink_to(path)
    return folder


def test_help_is_as_reviewed():
    result = check("--help", env=environment(COLUMNS="100"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(result.stdout)
    assert result.stdout == SNAPSHOT.read_text()


def test_a_model_agrees_with_itself(crops):
    text = check(SFACE, SFACE, "--faces", crops, "--layers").stdout
    assert "12 faces of" in text and "no layer differs" in text and text.rstrip().endswith("PASS: B agrees with A")


def test_a_changed_weight_is_found_by_name(network, crops):
    first, second = network("a"), network("changed", change={"w1": lambda w: w * 1.5 + 0.1})
    result = check(first, second, "--faces", crops, "--layers", status=1)
    assert "B leaves A at Conv 'c1' of node 'conv_c1'" in result.stdout
    assert result.stdout.rstrip().splitlines()[-1].startswith("FAIL")
    assert "--layers tells where" in check(first, second, "--faces", crops, status=1).stdout


def test_nan_is_told_and_is_no_number_in_json(network, crops):
    def broken(weights):
        weights.flat[7] = np.nan
        return weights
    result = report(network("a"), network("nan", change={"w2": broken}), "--faces", crops, "--layers", status=1)
    assert result["verdict"] == "FAIL" and result["agreement"]["nan"] == 12 * 8
    assert result["agreement"]["cosine_mean"] is None and result["verdicts"]["finite"] == "FAIL"
    assert result["layers"]["departure"]["value"] == "c2" and result["layers"]["departure"]["candidate_nan"] > 0


def test_figures_equal_numpy(network, crops, tmp_path):
    first, second = network("a"), network("near", change={"w2": lambda w: w + 0.02})
    vectors, norms = [], []
    for model in (first, second):
        embed(crops, "--aligned", "--model", model, "--output", tmp_path / "faces.npz")
        faces = np.load(tmp_path / "faces.npz")
        vectors.append(faces["embeddings"].astype(np.float64))
        norms.append(faces["norms"])
    expected = cosines(*vectors)
    found = run("model", "check", first, second, "--faces", crops, "--json")
    figures = json.loads(found.stdout)["agreement"]
    assert figures["cosine_mean"] == pytest.approx(expected.mean(), abs=2e-6)
    assert figures["cosine_min"] == pytest.approx(expected.min(), abs=2e-6)
    assert figures["cosine_p1"] == pytest.approx(np.percentile(expected, 1), abs=2e-6)
    assert figures["l2_mean"] == pytest.approx(np.linalg.norm(vectors[0] - vectors[1], axis=1).mean(), abs=1e-4)
    assert figures["norm_ratio_mean"] == pytest.approx((norms[1] / norms[0]).mean(), rel=1e-4)
    assert expected.min() < 0.99999


def test_warnings_exit_with_2_on_request(network, crops, tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text("comparison:\n  max_l2_mean: 0.0000001\n  warn_l2_mean: 2.0\n")
    models = network("a"), network("near", change={"w2": lambda w: w + 0.001})
    text = check(*models, "--faces", crops, "--config", settings).stdout
    assert text.rstrip().splitlines()[-1].startswith("WARN")
    check(*models, "--faces", crops, "--config", settings, "--strict", status=2)


def test_different_widths_are_an_error(network, crops):
    result = check(network("a"), network("wide", width=12), "--faces", crops, status=65)
    assert "gives 8 numbers a face, and this model 12" in result.stderr and len(result.stderr.splitlines()) == 1


def test_fewer_faces_than_asked_are_an_error(network, crops):
    path = network("a")
    result = check(path, path, "--faces", crops, "--n-samples", 13, status=65)
    assert "13 faces are wanted, and 12 images gave 12" in result.stderr
    assert report(path, path, "--faces", crops, "--n-samples", 12)["face_count"] == 12
    # Without a number, what is there will do.
    assert report(path, path, "--faces", crops)["face_count"] == 12


def test_without_faces_the_demo_s_are_augmented(network):
    result = report(network("a"), network("a"), "--n-samples", 40)
    assert result["faces"] == "40 faces, augmented from 6 faces" and result["face_count"] == 40


def test_bad_files_are_named_and_left_out(network, crops, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    path = network("a")
    result = check(path, path, "--faces", crops, tmp_path / "bad.png")
    assert "failed: " in result.stderr and "bad.png" in result.stderr and "(1 inputs failed)" in result.stdout


@pytest.mark.parametrize("arguments, status", [
    (["no-such.onnx", "no-such.onnx"], 66),
    ([SFACE, SFACE, "--faces", "/no/such/folder"], 66),
    ([SFACE, SFACE, "--n-samples", 0], 64),
    ([SFACE, SFACE, "--layer-threshold", "nan"], 64),
    ([SFACE, SFACE, "--aligned"], 64),
    ([SFACE], 64),
    ([__file__, SFACE], 65),
])
def test_mistakes_have_their_codes(arguments, status):
    assert check(*arguments, status=status).stderr


@needs_data
def test_a_trained_model_against_one_with_a_changed_layer(tmp_path):
    model = onnx.load(MBF)
    convolution = [node for node in model.graph.node if node.op_type == "Conv"][20]
    weights = next(value for value in model.graph.initializer if value.name == convolution.input[1])
    weights.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weights) * np.float32(1.3), weights.name))
    onnx.save(model, tmp_path / "changed.onnx")
    result = report(MBF, tmp_path / "changed.onnx", "--faces", DATA / "lfw/aligned", "--n-samples", 16, "--layers",
                    status=1)
    assert result["layers"]["departure"]["value"] == convolution.output[0]
    assert result["agreement"]["cosine_mean"] < 0.99
