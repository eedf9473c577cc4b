"""Engines built by TensorRT-RTX itself, which needs no GPU for that."""
import hashlib
import json
import resource
import shutil
import signal
import time

import onnx
import pytest

from conftest import SFACE, run
from engine_tools import build, make_iresnet, needs_rtx, place_with_libraries, start_build

pytestmark = needs_rtx


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return place_with_libraries(tmp_path_factory.mktemp("engines"))


@pytest.fixture
def fresh(tmp_path):
    return place_with_libraries(tmp_path)


@pytest.fixture(scope="module")
def iresnet18(tmp_path_factory):
    return make_iresnet(tmp_path_factory.mktemp("models"), 18)


def plans(place):
    return sorted(path.name for path in (place / "engines").iterdir() if not path.name.endswith(".lock"))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# Megabytes that a plan holds at least and at most: the weights in that precision, and code for several GPUs. In int8 the
# most sensitive layers keep floating point.
SIZES = {
    ("sface", "fp32"): (36, 60), ("sface", "fp16"): (18, 40), ("sface", "int8"): (9, 35),
    ("iresnet18", "fp32"): (95, 130), ("iresnet18", "fp16"): (47, 75), ("iresnet18", "int8"): (24, 70),
    ("iresnet50", "fp16"): (85, 120),
}
PREPROCESSING = {"sface": {"color": "rgb", "mean": 127.5, "scale": 128}}


@pytest.fixture(scope="module")
def models(iresnet18, tmp_path_factory):
    """By name. What calibration measures is kept beside the model, so each has a folder of its own."""
    folder = tmp_path_factory.mktemp("sface")
    shutil.copy(SFACE, folder / "sface.onnx")
    return {"sface": folder / "sface.onnx", "iresnet18": iresnet18,
            "iresnet50": make_iresnet(tmp_path_factory.mktemp("iresnet50"), 50)}


@pytest.mark.parametrize("name, precision", SIZES)
def test_models_become_engines(place, models, aligned_faces, name, precision):
    faces = ["--calibration-faces", aligned_faces[0].parent, "--calibration-count", 64, "--aligned"]
    summary, said = build(place, "--precision", precision, "--max-batch-size", 32, *(faces if precision == "int8" else []),
                          model=models[name], name=name)
    assert f"building with TensorRT-RTX 1.7.1: there is no {name}-{precision}-rtx.plan" in said
    plan = place / summary["engine"]
    least, most = SIZES[name, precision]
    assert plan.name == f"{name}-{precision}-rtx.plan" and not summary["reused"] and summary["max_batch_size"] == 32
    assert least * 1e6 < plan.stat().st_size == summary["bytes"] < most * 1e6
    assert summary["layers"] > 50 and summary["build_seconds"] > 0

    manifest = json.loads((place / summary["manifest"]).read_text())
    assert manifest["plan"] == {"bytes": summary["bytes"], "sha256": sha256(plan)}
    assert manifest["model"]["name"] == name and manifest["model"]["onnx_sha256"] == sha256(models[name])
    assert len(manifest["model"]["prepared_sha256"]) == 64
    assert manifest["precision"] == precision and manifest["embedding_width"] == (128 if name == "sface" else 512)
    assert manifest["preprocessing"] == PREPROCESSING.get(name, {"color": "rgb", "mean": 127.5, "scale": 127.5})
    assert manifest["runtime"] == {"name": "tensorrt-rtx", "version": "1.7.1"}
    assert manifest["batch"] == {
        "profiles": [{"min": 1, "opt": n, "max": n} for n in (1, 8, 32)], "streams": 1}
    assert manifest["builder"] == {"compute_capabilities": [], "hardware_compatibility": "none",
                                   "version_compatible": False, "workspace_mb": 4096}
    assert len(manifest.get("calibration_sha256", "")) == (64 if precision == "int8" else 0)
    assert manifest["tool_version"] == run("--version").stdout.strip()
    assert abs(time.time() - time.mktime(time.strptime(manifest["created"], "%Y-%m-%dT%H:%M:%SZ")) + time.timezone) < 60


def test_the_calibration_faces_are_part_of_what_an_engine_is_built_from(fresh, models, aligned_faces):
    line = ["--precision", "int8", "--calibration-faces", aligned_faces[0].parent, "--calibration-count", 64, "--aligned"]
    model = models["sface"]
    summary, _ = build(fresh, *line, model=model)
    manifest = json.loads((fresh / summary["manifest"]).read_text())
    again, _ = build(fresh, *line, model=model)
    assert again["reused"]
    line[-2] = 48
    other, said = build(fresh, *line, model=model)
    assert not other["reused"] and "calibrated on other faces" in said
    other = json.loads((fresh / other["manifest"]).read_text())
    assert other["calibration_sha256"] != manifest["calibration_sha256"]


def test_an_engine_that_fits_is_used_again(fresh):
    first, _ = build(fresh)
    before = (fresh / first["engine"]).stat()
    # The configured precision and a smaller batch are served by it too.
    for arguments in ([], ["--max-batch-size", 16], ["--precision", "fp16"]):
        second, said = build(fresh, *arguments)
        assert second["reused"] and second["sha256"] == first["sha256"]
        assert "fits and is used" in said and "building" not in said
    after = (fresh / first["engine"]).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    forced, said = build(fresh, "--force")
    assert not forced["reused"] and "--force" in said


@pytest.mark.parametrize("arguments, reason", [
    (["--max-batch-size", 64], "batch ≤ 32, 64 wanted"),
    (["--optimization-level", 1], "optimization level default, 1 wanted"),
    (["--workspace-size-mb", 512], "workspace 4096 MB, 512 wanted"),
    (["--compute-capability", 86], "compute capabilities all, 86 wanted"),
])
def test_an_engine_that_does_not_fit_is_built_again_and_the_reason_told(fresh, tiny_model, arguments, reason):
    build(fresh, model=tiny_model)
    summary, said = build(fresh, *arguments, model=tiny_model)
    assert not summary["reused"] and reason in said and reason in summary["reason"]
    again, _ = build(fresh, *arguments, model=tiny_model)
    assert again["reused"]


def test_another_model_of_the_same_name_and_damage_are_noticed(fresh, tiny_model):
    build(fresh)
    summary, said = build(fresh, model=tiny_model)
    assert not summary["reused"] and "built from another ONNX" in said
    plan = fresh / summary["engine"]
    content = bytearray(plan.read_bytes())
    content[len(content) // 2] ^= 1
    plan.write_bytes(content)
    summary, said = build(fresh, model=tiny_model)
    assert not summary["reused"] and "file altered" in said
    assert sha256(plan) == summary["sha256"]


def test_two_processes_at_once_build_one_engine(fresh, iresnet18):
    processes = [start_build(fresh, model=iresnet18, name="r18") for _ in range(2)]
    results = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], results
    summaries = [json.loads(out) for out, _ in results]
    assert sorted(summary["reused"] for summary in summaries) == [False, True]
    assert summaries[0]["sha256"] == summaries[1]["sha256"]
    waiting = [said for _, said in results if "waiting: process " in said]
    assert len(waiting) == 1 and "building" not in waiting[0].replace("builds", "")
    builder = processes[[summary["reused"] for summary in summaries].index(False)]
    assert f"process {builder.pid} on" in waiting[0]
    assert plans(fresh) == ["r18-fp16-rtx.plan", "r18-fp16-rtx.plan.json"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_and_leaves_nothing(fresh, iresnet18, number):
    process = start_build(fresh, "--precision", "fp32", model=iresnet18, name="r18")
    said = ""
    while "building with" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.send_signal(number)
    begun = time.monotonic()
    out, rest = process.communicate(timeout=60)
    assert process.returncode == 130, said + rest
    assert time.monotonic() - begun < 10 and out == "" and "nothing was written" in rest
    assert plans(fresh) == []
    # Nor is the lock left held.
    summary, _ = build(fresh, "--precision", "fp32", model=iresnet18, name="r18")
    assert not summary["reused"]


def says(process, word):
    """Whether the process says a word before it has said all."""
    return any(word in line for line in process.stderr)


def test_who_waits_can_be_interrupted_too(fresh, iresnet18):
    builder = start_build(fresh, "--precision", "fp32", model=iresnet18, name="r18")
    assert says(builder, "building")
    other = start_build(fresh, "--precision", "fp32", model=iresnet18, name="r18")
    assert says(other, "waiting")
    other.send_signal(signal.SIGINT)
    assert other.wait(timeout=30) == 130
    builder.communicate(timeout=120)
    assert builder.returncode == 0


def test_a_compute_capability_without_rtx_is_refused_in_tensorrts_words(fresh, tiny_model):
    _, said = build(fresh, "--compute-capability", 90, model=tiny_model, status=78)
    error = [line for line in said.splitlines() if line.startswith("error: ")]
    assert len(error) == 1 and "Compute capability is invalid or not supported" in error[0]
    assert "TensorRT-RTX builds for 75, 80, 86, 89, 120 and 121" in error[0]
    assert plans(fresh) == []


@pytest.mark.parametrize("arguments", [["--version-compatible"], ["--hardware-compatibility", "ampere+"]])
def test_options_that_rtx_lacks_are_refused(fresh, tiny_model, arguments):
    _, said = build(fresh, *arguments, model=tiny_model, status=78)
    assert "TensorRT-RTX 1.7.1" in said and plans(fresh) == []


def test_broken_models_are_named(fresh, tiny_model, tmp_path):
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(SFACE.read_bytes()[:100_000])
    _, said = build(fresh, model=damaged, status=65)
    assert "damaged.onnx" in said

    model = onnx.load(tiny_model)
    node = model.graph.node[1]
    node.op_type, node.name = "NoSuchOperator", "the_bad_one"
    onnx.save(model, tmp_path / "unknown.onnx")
    _, said = build(fresh, model=tmp_path / "unknown.onnx", status=65)
    assert "unknown.onnx" in said and "NoSuchOperator" in said

    _, said = build(fresh, model=tmp_path / "none.onnx", status=66)
    assert "none.onnx" in said and "--onnx-path" in said
    assert not (fresh / "engines").exists() or plans(fresh) == []


def test_the_name_comes_from_the_file_unless_given(fresh, tiny_model):
    line = ["build", "--onnx-path", tiny_model, "--runtime", "tensorrt-rtx", "--output-dir", "engines"]
    result = run(*line, cwd=fresh)
    assert result.returncode == 0 and result.stdout == "", result.stderr
    assert plans(fresh) == ["tiny-fp16-rtx.plan", "tiny-fp16-rtx.plan.json"]
    result = run(*line, "--model-name", "../evil", cwd=fresh)
    assert result.returncode == 64 and "--model-name" in result.stderr
    odd = fresh / "my face model.onnx"
    odd.symlink_to(tiny_model)
    # What a name can't hold becomes a hyphen.
    result = run("build", "--onnx-path", odd.name, "--runtime", "tensorrt-rtx", "--output-dir", "engines", cwd=fresh)
    assert result.returncode == 0 and "my-face-model-fp16-rtx.plan" in plans(fresh), result.stderr


def test_a_folder_that_cannot_be_written_is_named(fresh, tiny_model):
    (fresh / "engines").write_text("a file")
    _, said = build(fresh, model=tiny_model, status=73)
    assert "engines" in said


def test_a_full_disk_leaves_no_engine(fresh):
    limit = 5_000_000
    result = run("build", "--onnx-path", SFACE, "--model-name", "sface", "--runtime", "tensorrt-rtx", "--output-dir",
                 "engines", cwd=fresh,
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert result.returncode == 74, result.stderr
    assert "sface-fp16-rtx.plan" in result.stderr and plans(fresh) == []


def test_int8_without_faces_says_which_option_is_missing(fresh):
    _, said = build(fresh, "--precision", "int8", status=78)
    assert "--calibration-faces" in said and not (fresh / "engines").exists()


def test_the_rollback_switch_forbids_building(fresh, tiny_model):
    (fresh / "c.yaml").write_text("arcface_tensorrt:\n  enabled: false\n")
    _, said = build(fresh, "--config", "c.yaml", model=tiny_model, status=78)
    assert "arcface_tensorrt.enabled" in said
