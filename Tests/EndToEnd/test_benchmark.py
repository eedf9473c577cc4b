"""`benchmark`: what is printed and written, runs that are compared, mistakes. No time is judged."""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from conftest import BINARY, ROOT, SFACE, environment, run

SNAPSHOT = pathlib.Path(__file__).parent / "snapshots/help-benchmark.txt"
QUICK = ("--duration", 0.05, "--iterations", 4, "--rounds", 2, "--warm-up", 0)
HAS_TORCH = subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True).returncode == 0
HAS_CONVERTER = (ROOT / ".deps/python/onnx2torch").exists()


def benchmark(*arguments, status=0, **options):
    """Runs `benchmark` shortly and checks the exit status."""
    result = run("benchmark", *QUICK, *arguments, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def test_help_is_as_reviewed():
    result = benchmark("--help", env=environment(COLUMNS="100"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(result.stdout)
    assert result.stdout == SNAPSHOT.read_text()


def test_runtimes_side_by_side(tiny_model, tmp_path):
    runtimes = ("--runtime", "onnxruntime", "--runtime", "onnxruntime:fp16")
    result = json.loads(benchmark("--model", tiny_model, *runtimes, "--batch-sizes", "1,3,20", "--json",
                                  "--csv", tmp_path / "b.csv", "--report", tmp_path / "b.html").stdout)
    assert [(item["runtime"], item["batch"]) for item in result["results"]] == [
        (name, batch) for batch in (1, 3, 20) for name in ("onnxruntime", "onnxruntime:fp16")]
    assert result["baselines"] == ["onnxruntime"] and result["machine"]["cores"] == len(os.sched_getaffinity(0))
    for item in result["results"]:
        assert item["calls"] >= 4
        assert 0 < item["least"] <= item["median"] <= item["p90"] <= item["p95"] <= item["p99"] <= item["most"]
        assert item["faces_per_second"] == pytest.approx(item["batch"] / item["mean"] * 1000)
        # On a CPU nothing is copied to a device.
        assert item["compute"] == item["median"] and "host_to_device" not in item
        assert "roofline_percent" not in item
    runtime = result["runtimes"][1]
    assert runtime["arithmetic"] == "fp16" and 0.999 < runtime["least_cosine"] < 1
    assert runtime["load_seconds"] > 0 and runtime["operations_per_face"] > 0
    with open(tmp_path / "b.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["median_ms"]) for row in rows] == [item["median"] for item in result["results"]]
    page = (tmp_path / "b.html").read_text()
    assert page.count("<svg") == 4 and "onnxruntime:fp16" in page and "<script" not in page


def test_text_tells_the_speedup(tiny_model):
    text = benchmark("--model", tiny_model, "--runtime", "onnxruntime:fp16", "--runtime", "onnxruntime",
                     "--baseline", "onnxruntime", "--batch-sizes", "2").stdout
    line = next(line for line in text.splitlines() if "×" in line).split()
    assert line[:2] == ["2", "onnxruntime:fp16"]
    # Each figure is rounded by itself: what can have been printed for them is a range.
    half = [0.5 * 10 ** -len(text.partition(".")[2]) for text in line[2:4]]
    candidate, baseline = (float(text) for text in line[2:4])
    least = (baseline - half[1]) / (candidate + half[0])
    most = (baseline + half[1]) / (candidate - half[0])
    assert least - 0.0051 <= float(line[4].rstrip("×")) <= most + 0.0051


def test_a_peak_that_is_given_makes_a_percentage(tiny_model):
    result = json.loads(benchmark("--model", tiny_model, "--runtime", "onnxruntime", "--batch-sizes", "4", "--json",
                                  "--peak-tflops", 0.1, "--peak-gbs", 10).stdout)
    item, runtime = result["results"][0], result["runtimes"][0]
    weights = 8 * 3 * 3 * 3 * 4
    least = max(runtime["operations_per_face"] * 4 / 0.1e12, (weights + 4 * (112 * 112 * 3 + 8 * 4)) / 10e9)
    assert item["roofline_percent"] == pytest.approx(least / (item["compute"] / 1000) * 100, rel=0.01)


def test_runs_are_compared_on_one_machine_only(tiny_model, tmp_path):
    arguments = ("--model", tiny_model, "--runtime", "onnxruntime", "--batch-sizes", "1,2")
    before = json.loads(benchmark(*arguments, "--json").stdout)
    path = tmp_path / "before.json"
    path.write_text(json.dumps(before))
    text = benchmark(*arguments, "--compare-with", path).stdout
    assert "against the earlier run" in text
    for key, value in (("processor", "Another CPU"), ("cores", 640)):
        other = json.loads(json.dumps(before))
        other["machine"][key] = value
        path.write_text(json.dumps(other))
        result = benchmark(*arguments, "--compare-with", path, status=65)
        assert "was measured on another machine" in result.stderr and "loading" not in result.stderr
    other = json.loads(json.dumps(before))
    other["runtimes"][0]["model_digest"] = "0" * 64
    path.write_text(json.dumps(other))
    assert "another model" in benchmark(*arguments, "--compare-with", path, status=65).stderr
    path.write_text("[]")
    assert "holds no benchmark" in benchmark(*arguments, "--compare-with", path, status=65).stderr


@pytest.mark.skipif(not (HAS_TORCH and HAS_CONVERTER), reason="no torch, or onnx2torch isn't in .deps/python")
def test_pytorch_is_what_others_are_measured_by(tiny_model):
    result = json.loads(benchmark("--model", tiny_model, "--runtime", "onnxruntime", "--runtime", "pytorch:fp32",
                                  "--runtime", "pytorch:tf32", "--batch-sizes", "1,8", "--json").stdout)
    assert result["baselines"] == ["pytorch:fp32", "pytorch:tf32"]
    assert [runtime["least_cosine"] > 0.99999 for runtime in result["runtimes"][1:]] == [True, True]
    # The Python process counts: torch alone takes more than this.
    assert result["runtimes"][1]["memory"] > 60 << 20


def test_a_signal_ends_it(tiny_model):
    command = [BINARY, "benchmark", "--model", tiny_model, "--runtime", "onnxruntime", "--batch-sizes", "1",
               "--duration", "60", "--rounds", "60"]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=ROOT, env=environment())
    for line in process.stderr:
        if "turns" in line:
            break
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130 and "milliseconds a call" in output


def test_what_cannot_start_is_left_out_and_named_everywhere(tiny_model, tmp_path):
    arguments = ("--model", tiny_model, "--runtime", "cuda:fp16", "--runtime", "onnxruntime", "--batch-sizes", "1")
    # As ever, without the option.
    assert "cuda" in benchmark(*arguments, status=69, env=environment(CUDA_DRIVER_LIBRARY="/nowhere")).stderr
    files = [tmp_path / f"b.{kind}" for kind in ("json", "csv", "html")]
    result = benchmark(*arguments, "--skip-unavailable", "--save", files[0], "--csv", files[1], "--report", files[2])
    (left,) = json.loads(files[0].read_text())["left_out"]
    assert left["name"] == "cuda:fp16" and left["reason"]
    assert f"left out: cuda:fp16: {left['reason']}" in result.stderr
    assert f"left out: cuda:fp16: {left['reason']}" in result.stdout
    with open(files[1]) as file:
        assert [(row["runtime"], row["left_out"]) for row in csv.DictReader(file)] == [
            ("onnxruntime", ""), ("cuda:fp16", left["reason"])]
    assert "left out: cuda:fp16" in files[2].read_text()
    # Where nobody is left, the first one's reason is the error; and a file that isn't there is a mistake, not a reason.
    assert benchmark(*arguments[:4], "--skip-unavailable", status=69).stdout == ""
    benchmark(*arguments, "--runtime", "onnxruntime@no.onnx", "--skip-unavailable", status=66)


def test_runtimes_are_loaded_at_the_same_time(tiny_model):
    result = benchmark("--model", tiny_model, "--runtime", "onnxruntime", "--runtime", "onnxruntime:fp16", "--batch-sizes",
                       "1", "--load-together", "--json")
    report = json.loads(result.stdout)
    assert [runtime["name"] for runtime in report["runtimes"]] == ["onnxruntime", "onnxruntime:fp16"]
    # Whose memory it is can't be told.
    assert not any("memory" in runtime for runtime in report["runtimes"])
    assert any("at the same time" in note for note in report["notes"])


def test_a_killed_run_leaves_what_was_measured(tiny_model, tmp_path):
    files = [tmp_path / f"b.{kind}" for kind in ("json", "csv", "html")]
    command = [BINARY, "benchmark", "--model", tiny_model, "--runtime", "onnxruntime", "--batch-sizes", "1,2",
               "--duration", "200", "--rounds", "1000", "--save", files[0], "--csv", files[1], "--report", files[2]]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=ROOT, env=environment())
    deadline = time.monotonic() + 60
    while not all(path.exists() for path in files) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    report = json.loads(files[0].read_text())
    assert [item["batch"] for item in report["results"]] == [1, 2]
    assert re.search(r"after \d+ of 2000 turns", " ".join(report["notes"]))
    assert files[1].read_text().count("onnxruntime,") == 2 and "<svg" in files[2].read_text()


def test_the_script_for_gpus_runs_where_there_is_none(tmp_path):
    pack, environ = tmp_path / "pack", environment(DEVICE="cpu", DEPTHS="18", BATCHES="1,2", DURATION="0.05",
                                                   PYTORCH_MODES="", RUNTIMES="onnxruntime:fp16 cuda:fp16")
    pack.mkdir()
    for source in (BINARY, ROOT / "scripts/make_iresnet.py", ROOT / "scripts/gpu/benchmark.sh"):
        shutil.copy(source, pack)
    library = next((ROOT / ".deps").rglob("onnxruntime/capi/libonnxruntime.so*"))
    # Where the script finds it: among Python's packages.
    environ.update(PYTHONPATH=str(library.parents[2]), PATH="/usr/bin:/bin:" + environ["PATH"])
    made = subprocess.run(["/usr/bin/python3", "-c", "import onnx"], capture_output=True)
    if made.returncode:
        pytest.skip("no onnx for /usr/bin/python3")
    result = subprocess.run(["bash", "benchmark.sh", "run", "out"], cwd=pack, env=environ, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    report = json.loads((pack / "out/r18.json").read_text())
    assert [runtime["name"] for runtime in report["runtimes"]] == ["onnxruntime", "onnxruntime:fp16"]
    assert [item["name"] for item in report["left_out"]] == ["cuda:fp16"]
    table = (pack / "out/r18.md").read_text()
    assert "| faces | onnxruntime | onnxruntime:fp16 |" in table and "left out: cuda:fp16" in table
    assert {path.name for path in (pack / "out").iterdir()} >= {"r18.json", "r18.csv", "r18.html", "r18.txt", "r18.md"}


@pytest.mark.parametrize("arguments, status, message", [
    (("--runtime", "onnx"), 64, "'onnx' is no runtime"),
    (("--runtime", "onnxruntime:half"), 64, "no precision"),
    (("--runtime", "pytorch:half"), 64, "no mode of pytorch"),
    (("--runtime", "onnxruntime", "--runtime", "onnxruntime"), 64, "named twice"),
    (("--runtime", "onnxruntime", "--baseline", "pytorch"), 64, "none of the runtimes"),
    (("--runtime", "onnxruntime", "--batch-sizes", "1,x"), 64, "no list of batch sizes"),
    (("--runtime", "onnxruntime", "--rounds", 0), 64, "must be 1"),
    (("--runtime", "onnxruntime", "--peak-tflops", 0), 64, "must be above 0"),
    (("--runtime", "onnxruntime", "--report", "/no/such/folder/b.html"), 73, "doesn't exist"),
    (("--runtime", "onnxruntime", "--compare-with", "/no/such.json"), 66, "can't be read"),
    (("--runtime", "onnxruntime@no-such.onnx"), 66, "no-such.onnx"),
])
def test_mistakes_have_their_codes(arguments, status, message, tiny_model):
    assert message in benchmark("--model", tiny_model, *arguments, status=status).stderr
