"""`model info`: what a file holds and what will be done to it, for people and as JSON."""
import json
import math
import os
import pathlib

import onnx
import pytest

import small_models
from conftest import MBF, SFACE, YUNET, environment, needs_data, run
from test_prepared_models import iresnet18  # noqa: F401 (a fixture)

SNAPSHOTS = pathlib.Path(__file__).parent / "snapshots"


def info(path):
    result = run("model", "info", path, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("command", ["model", "model info"])
def test_help_is_as_reviewed(command):
    """Set UPDATE_SNAPSHOTS=1 to accept a new text."""
    result = run(*command.split(), "--help", env=environment(COLUMNS="100"))
    assert result.returncode == 0
    path = SNAPSHOTS / f"help-{command.replace(' ', '-')}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(result.stdout)
    assert result.stdout == path.read_text()


def test_sface_is_told_in_numbers():
    report = info(SFACE)
    source = onnx.load(SFACE)
    assert report["architecture"] == "SFace"
    assert report["opsets"] == {"ai.onnx": 21} and report["bytes"] == SFACE.stat().st_size
    assert report["face"]["embedding_width"] == 128 and report["face"]["source"] == "graph"
    assert (report["face"]["mean"], report["face"]["scale"]) == (127.5, 128)
    assert sum(entry["count"] for entry in report["operators"]) == len(source.graph.node)
    assert report["inputs"][0] == {"name": "data", "type": "float32 [1,3,112,112]", "used": True}
    assert not any(value["used"] for value in report["inputs"][1:])
    names = [defect["name"] for defect in report["defects"]]
    assert {"listed initialisers", "dequantise weights", "dynamic batch", "unused inputs"} <= set(names)
    assert all(defect["mended"] and defect["reason"] and defect["actions"] for defect in report["defects"])


def test_sface_is_told_to_people():
    text = run("model", "info", SFACE).stdout
    for part in ("SFace, 128 numbers a face", "RGB, (x - 127.5) / 128.0 (found in the graph)", "GFLOP a face", "int8, 58",
                 "data float32 [1,3,112,112]", "29 that nothing takes", "Mended by every command"):
        assert part in text, text
    assert max(map(len, text.splitlines()[1:])) <= 120


@needs_data
def test_a_mobilefacenet_is_recognised():
    report = info(MBF)
    assert report["architecture"] == "MobileFaceNet" and report["face"]["source"] == "default"
    assert report["face"]["embedding_width"] == 512


@pytest.mark.parametrize("form", ["plain", "folded"])
def test_iresnet18_has_the_cost_that_papers_give(form, iresnet18):  # noqa: F811
    report = info(iresnet18[form])
    assert report["architecture"] == "IResNet-18"
    assert report["flops_per_face"] == 2 * iresnet18["multiply_adds"]
    assert round(report["flops_per_face"] / 1e9, 2) == 5.22
    # Folded, a scale and a shift become one bias.
    folded = 0 if form == "plain" else report["parameters"] - iresnet18["parameters"]
    assert report["parameters"] == iresnet18["parameters"] + folded and -10_000 < folded <= 0


def test_a_detector_is_no_face_model_but_is_told_all_the_same():
    report = info(YUNET)
    assert "face" not in report and report["architecture"] == "unknown"
    assert "float32 [N,D] was expected" in report["face_problem"]
    assert len(report["outputs"]) == 12


def test_a_detector_s_cost_counts_what_it_resizes():
    """Against ONNX's own inference of shapes: each number of a convolution costs as many products as a filter has."""
    model = onnx.shape_inference.infer_shapes(onnx.load(YUNET), data_prop=True)
    sizes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
             for value in [*model.graph.value_info, *model.graph.output]}
    # Declared shapes are right here: the file's batch and image have fixed sizes, and what is missing is inferred.
    sizes |= {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    products = sum(math.prod(sizes[node.output[0]]) * math.prod(sizes[node.input[1]][1:]) for node in convolutions)
    assert info(YUNET)["flops_per_face"] == 2 * products > 0
    assert "0.69 GFLOP an image" in run("model", "info", YUNET).stdout


def test_a_cost_that_is_not_known_says_why(tiny_model, tmp_path):
    model = onnx.load(tiny_model)
    for place, name in ((2, "H"), (3, "W")):
        model.graph.input[0].type.tensor_type.shape.dim[place].dim_param = name
    onnx.save(model, tmp_path / "open.onnx")
    report = info(tmp_path / "open.onnx")
    assert "flops_per_face" not in report and "[N,3,H,W] has no fixed size" in report["flops_problem"]
    assert "cost unknown: the input 'data'" in run("model", "info", tmp_path / "open.onnx").stdout


@pytest.mark.parametrize("defect,name", [
    (small_models.fixed_batch, "dynamic batch"), (small_models.stale_reshape, "batch in reshapes"),
    (small_models.computed_reshape, "reshapes"), (small_models.listed_initializers, "listed initialisers"),
    (small_models.unused_input, "unused inputs"), (small_models.flat_slopes, "PReLU slopes"),
    (small_models.spatial_zero, "batch normalisation"), (small_models.old_opset, "opset"),
    (small_models.dropout, "remove identities"), (small_models.constant_nodes, "constant nodes"),
    (small_models.transposed_weights, "fold constants"), (small_models.product_and_addend, "fully connected layers"),
    (small_models.dead_nodes, "dead nodes"), (small_models.duplicate_weights, "duplicate constants"),
    (small_models.quantised_weights, "dequantise weights"),
], ids=lambda value: getattr(value, "__name__", None))
def test_each_defect_is_named(defect, name, tmp_path):
    path = tmp_path / "model.onnx"
    model = small_models.sound_model(opset=13)
    onnx.save(model, path)
    before = {entry["name"] for entry in info(path)["defects"]}
    defect(model)
    onnx.save(model, path)
    assert name not in before
    assert name in {entry["name"] for entry in info(path)["defects"]}


def test_what_is_wrong_with_a_file_is_an_error(tmp_path):
    (tmp_path / "text.onnx").write_text("hello")
    (tmp_path / "cut.onnx").write_bytes(SFACE.read_bytes()[:100_000])
    for path, code in [(tmp_path / "text.onnx", 65), (tmp_path / "cut.onnx", 65), (tmp_path / "none.onnx", 66)]:
        result = run("model", "info", path)
        assert result.returncode == code and result.stdout == ""
        assert len(result.stderr.splitlines()) == 1 and path.name in result.stderr
