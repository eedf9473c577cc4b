"""`embed --precision int8` of a model that isn't int8: calibrated first, from kept ranges the second time."""
import json
import resource
import shutil
import signal

import numpy as np
import pytest

from conftest import BINARY, SFACE, cosines, embed, environment, run
from test_outputs import on_a_terminal


@pytest.fixture(scope="module")
def place(aligned_faces, tmp_path_factory):
    """A folder with a model of its own, beside which ranges are kept, and two lists of faces."""
    folder = tmp_path_factory.mktemp("on-the-fly")
    shutil.copy(SFACE, folder / "model.onnx")
    for name, faces in (("faces", aligned_faces[:48]), ("others", aligned_faces[48:96])):
        (folder / f"{name}.txt").write_text("".join(f"{path}\n" for path in faces))
    return folder


def int8(place, faces, output, *arguments, **options):
    """Embeds in int8 with ONNX Runtime and gives the summary and what was said."""
    result = embed(*faces, "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--precision", "int8",
                   "--output", output, "--json", *arguments, **options)
    return json.loads(result.stdout), result.stderr


def test_it_is_the_file_that_model_prepare_writes_and_ranges_are_kept(place, aligned_faces, tmp_path):
    faces = aligned_faces[100:112]
    summary, said = int8(place, faces, tmp_path / "first.npy", "--calibration-faces", place / "faces.txt")
    assert summary["precision"] == "int8" and "measuring" in said
    assert "held-out faces: PASS" in said
    first = np.load(tmp_path / "first.npy")

    summary, said = int8(place, faces, tmp_path / "second.npy", "--calibration-faces", place / "faces.txt")
    assert summary["precision"] == "int8"
    assert "ranges taken from" in said and "choice of layers taken from" in said
    assert "measuring" not in said and "ranking" not in said
    assert np.array_equal(np.load(tmp_path / "second.npy"), first)

    prepared = run("model", "prepare", place / "model.onnx", "-o", tmp_path / "int8.onnx", "--precision", "int8",
                   "--target", "onnxruntime", "--calibration-faces", place / "faces.txt")
    assert prepared.returncode == 0 and "ranges taken from" in prepared.stderr, prepared.stderr
    embed(*faces, "--aligned", "--runtime", "onnxruntime", "--model", tmp_path / "int8.onnx", "--output",
          tmp_path / "file.npy")
    assert np.array_equal(np.load(tmp_path / "file.npy"), first)

    embed(*faces, "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--output",
          tmp_path / "single.npy")
    cosine = cosines(np.load(tmp_path / "single.npy"), first)
    assert 0.98 < cosine.min() and cosine.mean() < 0.99999, cosine


def test_the_configuration_names_faces_too(place, aligned_faces, tmp_path):
    variables = environment(ARCFACE_EMBEDDING_CALIBRATION_FACES=place / "faces.txt", ARCFACE_ONNXRUNTIME_PRECISION="int8")
    result = embed(*aligned_faces[:2], "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--json",
                   "--output", tmp_path / "f.npy", env=variables)
    assert json.loads(result.stdout)["precision"] == "int8"
    # Without a word about the precision, faces change nothing.
    del variables["ARCFACE_ONNXRUNTIME_PRECISION"]
    result = embed(*aligned_faces[:2], "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--json",
                   "--output", tmp_path / "g.npy", env=variables)
    assert json.loads(result.stdout)["precision"] == "fp32" and "ranges" not in result.stderr


def test_without_faces_both_ways_are_named(place, aligned_faces, tmp_path):
    result = embed(aligned_faces[0], "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx",
                   "--precision", "int8", "--output", tmp_path / "f.npy", status=78)
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ") and "model.onnx" in lines[0]
    for way in ("--calibration-faces PATH", "embedding.calibration_faces", "model prepare FILE -o OUT --precision int8"):
        assert way in lines[0]
    assert not (tmp_path / "f.npy").exists()


def test_faces_that_are_missing_or_too_few_are_named(place, aligned_faces, tmp_path):
    arguments = [aligned_faces[0], "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--precision",
                 "int8", "--output", tmp_path / "f.npy"]
    assert "nowhere" in embed(*arguments, "--calibration-faces", tmp_path / "nowhere", status=66).stderr
    assert "16" in embed(*arguments, "--calibration-faces", aligned_faces[0], status=65).stderr


def test_a_job_is_not_resumed_with_other_calibration_faces(place, aligned_faces, tmp_path):
    arguments = [*aligned_faces, "--aligned", "--runtime", "onnxruntime", "--model", place / "model.onnx", "--precision",
                 "int8", "--output", tmp_path / "f.npz"]
    def allow_small_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    # Ends midway, as on a full disk.
    embed(*arguments, "--calibration-faces", place / "faces.txt", status=74, preexec_fn=allow_small_files)
    result = embed(*arguments, "--calibration-faces", place / "others.txt", "--resume", status=65)
    assert "other settings" in result.stderr
    embed(*arguments, "--calibration-faces", place / "faces.txt", "--resume")
    assert np.load(tmp_path / "f.npz")["embeddings"].shape == (200, 128)


def test_a_terminal_shows_how_far_it_is(place, aligned_faces, tmp_path):
    shutil.copy(SFACE, tmp_path / "fresh.onnx")
    shown = on_a_terminal([
        BINARY, "embed", aligned_faces[0], "--aligned", "--runtime", "onnxruntime", "--model", tmp_path / "fresh.onnx", "--precision",
        "int8", "--calibration-faces", place / "others.txt", "--output", tmp_path / "f.npy"])
    assert "█" in shown and "measuring" in shown and "% " in shown
