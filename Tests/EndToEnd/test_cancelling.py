"""Ctrl-C while a model is calibrated: at once, with nothing half-written, by every command that calibrates."""
import json
import shutil
import signal
import subprocess

import pytest

from conftest import BINARY, SFACE, environment
from engine_tools import needs_rtx, place_with_libraries


@pytest.fixture
def place(aligned_faces, tmp_path):
    """A working folder with a model, its own copy, and a list of faces that takes a while."""
    place_with_libraries(tmp_path)
    shutil.copy(SFACE, tmp_path / "model.onnx")
    (tmp_path / "faces.txt").write_text("".join(f"{path}\n" for path in aligned_faces[:96]))
    # So much agreement is only there with layers in float32.
    (tmp_path / "demanding.yaml").write_text("comparison:\n  int8:\n    min_cosine_similarity: 0.9999\n")
    return tmp_path


COMMANDS = {
    "prepare": ["model", "prepare", "model.onnx", "-o", "out.onnx", "--target", "onnxruntime"],
    "embed": ["embed", "faces.txt", "--aligned", "--model", "model.onnx", "--runtime", "onnxruntime", "--output", "out.npz"],
    "build": ["build", "--onnx-path", "model.onnx", "--runtime", "tensorrt-rtx", "--output-dir", "engines"],
}
COMMON = ["--precision", "int8", "--calibration-faces", "faces.txt", "--config", "demanding.yaml"]
# Those that load an int8 runtime among others; the faces to calibrate on are configured.
SIDES = {
    "compare": ["compare", "--onnx-path", "model.onnx", "--candidate", "onnxruntime", "--precision", "int8", "--reference",
                "onnxruntime", "--faces", "faces.txt", "--n-samples", "8"],
    "benchmark": ["benchmark", "--model", "model.onnx", "--runtime", "onnxruntime:int8", "--batch-sizes", "1"],
    "evaluate": ["evaluate", "--model", "model.onnx", "--runtime", "onnxruntime", "--against", "onnxruntime:int8",
                 "--pairs", "pairs.txt", "--faces", "faces"],
}
# What the command says when a step begins, and what only comes once it is over.
STEPS = {"measuring": "measuring ", "searching": "ranking "}
LATER = {"measuring": ("all in 8 bits", "PASS"), "searching": ("in float32: cosine", "PASS")}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("command", ["prepare", "embed", pytest.param("build", marks=needs_rtx)])
def test_a_signal_ends_calibration_and_leaves_nothing_half_written(command, step, place):
    output = place / COMMANDS[command][-1 if command != "prepare" else 4]
    if command != "build":
        output.write_text("as it was")
    process = subprocess.Popen([BINARY, *COMMANDS[command], *COMMON], cwd=place, env=environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = ""
    while STEPS[step] not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGTERM if command == "embed" else signal.SIGINT)
    out, rest = process.communicate(timeout=60)
    assert process.returncode == 130, said + rest
    assert out == "" and "interrupted; nothing was written" in rest and "error" not in rest
    # Whoever finishes the step first would say so.
    assert not any(text in rest for text in LATER[step]), rest
    if command == "build":
        assert not list(place.glob("engines/*.plan*"))
    else:
        assert output.read_text() == "as it was"
    kept = list(place.glob("model.onnx.int8-*.json"))
    assert len(kept) == (0 if step == "measuring" else 1)
    for path in kept:
        content = json.loads(path.read_text())
        assert content["thresholds"] and "choices" not in content
    names = {"model.onnx", "faces.txt", "demanding.yaml", ".deps", output.name, *(path.name for path in kept)}
    assert {path.name for path in place.iterdir()} <= names


@pytest.mark.parametrize("command", SIDES)
def test_a_signal_ends_the_calibration_of_one_side(command, place):
    faces = (place / "faces.txt").read_text().split()
    (place / "faces").mkdir()
    for number, path in enumerate(faces[:4]):
        shutil.copy(path, place / f"faces/{number}.png")
    (place / "pairs.txt").write_text("0 1 1\n2 3 1\n0 2 0\n1 3 0\n")
    variables = environment(ARCFACE_EMBEDDING_CALIBRATION_FACES="faces.txt")
    process = subprocess.Popen([BINARY, *SIDES[command], "--config", "demanding.yaml"], cwd=place, env=variables,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = ""
    while STEPS["measuring"] not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.send_signal(signal.SIGINT)
    out, rest = process.communicate(timeout=60)
    assert process.returncode == 130, said + rest
    assert out == "" and "interrupted" in rest and "error" not in rest
    assert not list(place.glob("model.onnx.int8-*.json"))
