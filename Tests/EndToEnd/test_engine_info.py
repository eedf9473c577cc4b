"""`info`: what is told of an engine, with and without its library, a GPU, its manifest. GPUs are doubles."""
import json
import shutil

import pytest

from conftest import SFACE, run
from engine_tools import build, info, make_double, needs_compiler, needs_rtx, place_with_libraries


@pytest.fixture(scope="module")
def rtx(tmp_path_factory):
    """A place with an engine of TensorRT-RTX."""
    place = place_with_libraries(tmp_path_factory.mktemp("rtx"))
    summary, _ = build(place)
    return place, place / summary["engine"]


@pytest.fixture(scope="module")
def double10(tmp_path_factory):
    return make_double(tmp_path_factory.mktemp("double10"), 10, 101600)


@pytest.fixture(scope="module")
def double11(tmp_path_factory):
    return make_double(tmp_path_factory.mktemp("double11"), 11, 110400)


@pytest.fixture(scope="module")
def double8(tmp_path_factory):
    return make_double(tmp_path_factory.mktemp("double8"), 8, 8601)


@needs_rtx
def test_without_a_gpu_the_manifest_tells(rtx):
    place, plan = rtx
    report = info(place, plan, "--layers")
    assert report["manifest"] == json.loads((plan.parent / f"{plan.name}.json").read_text())
    assert report["source"] == "manifest" and report["bytes"] == plan.stat().st_size
    assert [(t["name"], t["mode"], t["type"], t["shape"]) for t in report["tensors"]] == [
        ("faces", "input", "uint8", [-1, 112, 112, 3]), ("embedding", "output", "float", [-1, 128])]
    assert report["profiles"] == [{"min": 1, "opt": n, "max": n} for n in (1, 8, 32)]
    assert "layers" not in report and "context_bytes" not in report
    assert not report["runnable"] and any("libcuda.so.1" in line for line in report["obstacles"])

    text = run("info", "--engine-path", plan, cwd=place).stdout
    for words in ("TensorRT-RTX 1.7.1", "fp16", "1 to 32, tuned for 1, 8, 32", "✗ this machine can't run it"):
        assert words in text


@needs_rtx
def test_damaged_and_incomplete_engines_are_told_apart(rtx, tmp_path):
    place, plan = rtx
    copy = tmp_path / plan.name
    manifest = tmp_path / f"{plan.name}.json"
    shutil.copy(plan, copy)
    report = info(place, copy)
    assert "manifest" not in report and any("manifest" in line for line in report["warnings"])
    assert not report["runnable"] and report["library"] == "TensorRT-RTX 1.7.1"

    shutil.copy(f"{plan}.json", manifest)
    content = bytearray(copy.read_bytes())
    content[1000] ^= 1
    copy.write_bytes(content)
    report = info(place, copy)
    # Plans are code: what isn't the bytes of the manifest is never given to a library.
    assert "library" not in report and any("file altered" in line for line in report["obstacles"])

    manifest.write_text("{")
    assert "manifest" in info(place, copy, status=65)
    assert "no such engine" in info(place, tmp_path / "none.plan", status=66)
    assert "folder" in info(place, tmp_path, status=65)


@needs_rtx
def test_the_rollback_switch_loads_no_nvidia_library(rtx, tmp_path):
    place, plan = rtx
    (tmp_path / "c.yaml").write_text("arcface_tensorrt:\n  enabled: false\n")
    report = info(place, plan, "--config", tmp_path / "c.yaml")
    assert "library" not in report and any("enabled is false" in line for line in report["obstacles"])


@needs_compiler
@pytest.mark.parametrize("version, double", [("8.6.1", "double8"), ("10.16.0", "double10"), ("11.4.0", "double11")])
def test_with_library_and_gpu_the_engine_itself_tells(tmp_path, request, version, double):
    env = request.getfixturevalue(double)
    summary, said = build(tmp_path, "--max-batch-size", 16, runtime="tensorrt", env=env)
    assert summary["engine"].endswith("engines/sface-fp16-sm90.plan") and f"TensorRT {version}" in said
    report = info(tmp_path, summary["engine"], "--layers", env=env)
    assert report["manifest"]["runtime"] == {"name": "tensorrt", "version": version}
    assert report["manifest"]["built_on"]["sm"] == 90 and report["manifest"]["built_on"]["gpu"] == report["gpu"]
    assert report["source"] == "engine" and report["library"] == f"TensorRT {version}"
    assert [t["name"] for t in report["tensors"]] == ["faces", "embedding"]
    assert [t["shape"] for t in report["tensors"]] == [[-1, 112, 112, 3], [-1, 128]]
    assert report["profiles"] == [{"min": 1, "opt": n, "max": n} for n in (1, 8, 16)]
    assert report["context_bytes"] > 0 and report["layer_count"] > 0
    assert [layer["name"] for layer in report["layers"]] == ["double"]
    assert report["runnable"] and report["obstacles"] == []
    assert "✓ this machine can run it" in run("info", "--engine-path", summary["engine"], cwd=tmp_path, env=env).stdout


@needs_compiler
def test_engines_for_other_gpus_and_versions_say_so(tmp_path, double10, double11):
    summary, _ = build(tmp_path, runtime="tensorrt", env=double10)
    plan = tmp_path / summary["engine"]
    report = info(tmp_path, plan, env=double11)
    assert not report["runnable"] and "built by TensorRT 10.16.0, this is 11.4.0" in report["obstacles"][0]
    manifest = plan.parent / f"{plan.name}.json"
    content = json.loads(manifest.read_text())
    content["built_on"]["sm"] = 86
    manifest.write_text(json.dumps(content))
    report = info(tmp_path, plan, env=double10)
    assert not report["runnable"] and "for sm_86, this GPU is sm_90" in report["obstacles"][0]


@needs_compiler
def test_the_timing_cache_serves_the_next_build(tmp_path, double10):
    first, _ = build(tmp_path, runtime="tensorrt", env=double10)
    cache = tmp_path / first["timing_cache"]
    assert cache.parent.name == "engines" and cache.name.startswith("tensorrt-10.16.0-sm90-")
    assert cache.stat().st_size > 0 and not first["timing_cache_used"]
    second, _ = build(tmp_path, "--precision", "fp32", runtime="tensorrt", env=double10)
    assert second["timing_cache"] == first["timing_cache"] and second["timing_cache_used"]

    cache.write_bytes(b"of another version")
    third, said = build(tmp_path, "--force", runtime="tensorrt", env=double10)
    assert not third["timing_cache_used"] and "didn't take the timing cache" in said
    assert cache.read_bytes().startswith(b"timings 101600\n")

    named, _ = build(tmp_path, "--force", "--timing-cache", "my.cache", runtime="tensorrt", env=double10)
    assert named["timing_cache"] == "my.cache" and (tmp_path / "my.cache").exists()
    _, said = build(tmp_path, "--force", "--timing-cache", tmp_path, runtime="tensorrt", env=double10, status=66)
    assert "no timing cache" in said


@needs_compiler
def test_compatibility_options_reach_the_builder(tmp_path, double10, double8):
    summary, _ = build(tmp_path, "--hardware-compatibility", "ampere+", "--version-compatible", runtime="tensorrt",
                       env=double10)
    manifest = json.loads((tmp_path / summary["manifest"]).read_text())
    assert manifest["builder"]["hardware_compatibility"] == "ampere+" and manifest["builder"]["version_compatible"]
    _, said = build(tmp_path, "--hardware-compatibility", "same-cc", runtime="tensorrt", env=double8, status=78)
    assert "TensorRT 10" in said
    _, said = build(tmp_path, "--compute-capability", 86, runtime="tensorrt", env=double10, status=78)
    assert "only TensorRT-RTX" in said


@needs_compiler
def test_tensorrt_without_a_gpu_or_without_the_library_says_what_to_do(tmp_path):
    env = make_double(tmp_path / "double", 10, 101600, with_driver=False)
    _, said = build(tmp_path, runtime="tensorrt", env=env, status=69)
    assert "needs a GPU" in said and "--runtime tensorrt-rtx" in said
    _, said = build(tmp_path, runtime="tensorrt", status=69)
    errors = said.splitlines()
    assert len(errors) == 1 and "pip install tensorrt" in errors[0] and len(errors[0]) < 600
