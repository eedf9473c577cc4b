"""The command line: help texts, old habits, configuration, doctor, the README's commands."""
import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest

from conftest import FILES, PHOTO, ROOT, SFACE, embed, environment, run
from engine_tools import RTX
from s3_servers import SERVERS
from store_tools import bucket_environment, start_server

NVRTC = FILES / "nvidia/cu13/lib"
SNAPSHOTS = pathlib.Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("command", ["", "embed", "build", "info", "compare", "config", "config show", "doctor",
                                     "engines", "engines list", "engines push", "engines pull", "engines verify",
                                     "engines prune", "engines pin", "engines unpin", "engines keygen", "engines sign",
                                     "model prepare"])
def test_help_is_as_reviewed(command):
    """Set UPDATE_SNAPSHOTS=1 to accept a new text."""
    result = run(*command.split(), "--help", env=environment(COLUMNS="100"))
    assert result.returncode == 0
    path = SNAPSHOTS / f"help-{command.replace(' ', '-') or 'arcface-tensorrt'}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(result.stdout)
    assert result.stdout == path.read_text()


@pytest.mark.parametrize("line", [
    "arcface-tensorrt --mode build --onnx-path models/arcface_r100.onnx",
    "arcface-tensorrt --mode compare --n-samples 100 --onnx-path none.onnx",
    "arcface-tensorrt --mode benchmark --runtime onnxruntime --model none.onnx",
    "arcface-tensorrt --mode info --engine-path data/engines/arcface_r100-fp16-sm86.plan",
])
def test_old_habits_are_the_same_as_subcommands(line):
    """Both names do the same: here none of them finds its file."""
    old = shlex.split(line)[1:]
    new = [old[1], *old[2:]]
    first, second = run(*old), run(*new)
    assert (first.returncode, first.stdout, first.stderr) == (second.returncode, second.stdout, second.stderr)
    assert first.returncode == 66 and f"error: {new[-1]}: " in first.stderr


def test_mode_runs_a_subcommand_that_is_there(tmp_path):
    result = run("--mode", "embed", PHOTO, "--model", SFACE, "--output", tmp_path / "f.npz")
    assert result.returncode == 0 and (tmp_path / "f.npz").exists()
    assert run("--mode=config", "show").stdout == run("config", "show").stdout


@pytest.mark.parametrize("arguments", [["bogus"], ["--mode", "bogus"], ["--mode"], ["embed"], ["embed", "x.jpg"],
                                       ["embed", "--bogus"]])
def test_a_wrong_command_line_exits_with_64(arguments):
    result = run(*arguments)
    assert result.returncode == 64 and result.stderr and not result.stdout


def test_config_show_names_the_origin_of_each_value(tmp_path):
    (tmp_path / "c.yaml").write_text("embedding:\n  backend: onnxruntime\nonnxruntime:\n  threads: 3\n")
    (tmp_path / "pipeline.yaml").write_text("stages: [a, b]\nembedding:\n  backend: auto\n  model: x\n")
    result = run("config", "show", "--config", tmp_path / "c.yaml", "--pipeline-config", tmp_path / "pipeline.yaml",
                 "--threads", "5", "--json", env=environment(ARCFACE_TENSORRT_PRECISION="int8"))
    assert result.returncode == 0, result.stderr
    shown = json.loads(result.stdout)
    assert shown["embedding.backend"] == {"value": "auto", "source": f"{tmp_path}/pipeline.yaml:3 (pipeline)"}
    assert shown["onnxruntime.threads"] == {"value": 5, "source": "--threads"}
    assert shown["tensorrt.precision"] == {"value": "int8", "source": "ARCFACE_TENSORRT_PRECISION"}
    assert shown["detection.min_score"] == {"value": 0.6, "source": "default"}


def test_a_model_of_the_command_line_gives_its_engines_their_name():
    shown = json.loads(run("config", "show", "--model", "models/my r100..v2.onnx", "--json").stdout)
    assert shown["tensorrt.model_name"] == {"value": "my-r100.v2", "source": "--model"}
    assert shown["tensorrt.onnx_path"] == {"value": "models/my r100..v2.onnx", "source": "--model"}


def test_a_wrong_key_is_an_error_with_line_and_suggestion(tmp_path):
    (tmp_path / "c.yaml").write_text("embedding:\n  backend: onnxruntime\n  require_gpus: true\n")
    result = run("config", "show", "--config", tmp_path / "c.yaml")
    assert result.returncode == 78 and result.stdout == ""
    assert "c.yaml:3" in result.stderr and "require_gpu" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [
    ["embed", "a.jpg", "-o", "a.npz", "--runtime", "NAME"], ["build", "--runtime", "NAME"],
    ["compare", "--candidate", "NAME"], ["benchmark", "--runtime", "NAME"], ["config", "show", "--runtime", "NAME"],
    ["evaluate", "--pairs", "p", "--faces", "f", "--runtime", "NAME"],
    ["evaluate", "--pairs", "p", "--faces", "f", "--against", "NAME"],
], ids=lambda command: " ".join(command[:1] + command[-2:-1]))
def test_a_runtime_that_does_not_exist_is_a_wrong_command_line(command, tmp_path):
    result = run(*["tensorflow" if part == "NAME" else part for part in command], cwd=tmp_path)
    assert result.returncode == 64 and result.stdout == "", result.stderr
    said = result.stderr.splitlines()[0]
    assert "'tensorflow' is no runtime (it is one of " in said and "tensorrt, tensorrt-rtx, cuda" in said


def test_a_runtime_that_does_not_exist_in_a_file_is_a_wrong_configuration(tmp_path):
    (tmp_path / "c.yaml").write_text("embedding:\n  backend: tensorflow\n")
    result = run("embed", "a.jpg", "-o", "a.npz", "--config", "c.yaml", cwd=tmp_path)
    assert result.returncode == 78 and "c.yaml:2" in result.stderr and "onnxruntime" in result.stderr


def test_an_option_that_was_renamed_names_the_present_one(tmp_path):
    result = run("embed", "a.jpg", "-o", "a.npz", "--devices", "0,1", cwd=tmp_path)
    assert result.returncode == 64 and "--gpus" in result.stderr


def test_a_named_backend_that_cannot_run_is_an_error(tmp_path):
    for backend in ("tensorrt", "tensorrt-rtx", "cuda"):
        result = embed(PHOTO, "--output", tmp_path / "f.npz", "--runtime", backend, status=69)
        assert backend in result.stderr and len(result.stderr.splitlines()) == 1


def test_auto_says_what_it_fell_back_to(tmp_path):
    result = embed(PHOTO, "--output", tmp_path / "f.npz", "--runtime", "auto")
    warnings = [line for line in result.stderr.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1 and "tensorrt-rtx and cuda can't run" in warnings[0] and "using onnxruntime" in warnings[0]


def test_require_gpu_turns_the_fallback_into_an_error(tmp_path):
    result = embed(PHOTO, "--output", tmp_path / "f.npz", "--require-gpu", status=69)
    assert "a GPU is required" in result.stderr and "tensorrt, tensorrt-rtx and cuda can't run" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_rollback_switch_loads_no_nvidia_library(tmp_path):
    (tmp_path / "c.yaml").write_text("arcface_tensorrt:\n  enabled: false\nembedding:\n  fallback: onnxruntime\n")
    result = embed(PHOTO, "--config", tmp_path / "c.yaml", "--output", tmp_path / "f.npz")
    assert "onnxruntime on CPU" in result.stderr and "warning" not in result.stderr


def test_a_missing_runtime_library_says_where_it_was_sought(tmp_path):
    (tmp_path / "c.yaml").write_text(f"onnxruntime:\n  library_path: {tmp_path}/nothing.so\n")
    result = embed(PHOTO, "--config", tmp_path / "c.yaml", "--output", tmp_path / "f.npz", status=69)
    assert "nothing.so" in result.stderr and "pip install onnxruntime" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_doctor_finds_what_embedding_needs():
    result = run("doctor", "--model", SFACE)
    assert result.returncode == 0, result.stdout
    report = json.loads(run("doctor", "--model", SFACE, "--json").stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert report["can_embed"] is True
    for name in ("TurboJPEG", "libspng", "ONNX Runtime", "CPU", "face model", "face detector", "python3"):
        assert checks[name]["status"] == "ok", checks[name]
    assert "1.32.0" in checks["ONNX Runtime"]["detail"]
    for name in ("CUDA driver", "TensorRT", "GPU", "torch"):
        assert checks[name]["status"] == "ok" or "install" in checks[name]["mend"]


def test_doctor_fails_where_embedding_cannot_run(tmp_path):
    (tmp_path / "c.yaml").write_text(f"onnxruntime:\n  library_path: {tmp_path}/nothing.so\n")
    result = run("doctor", "--model", SFACE, "--config", tmp_path / "c.yaml")
    assert result.returncode == 69
    assert "✗ ONNX Runtime" in result.stdout and "pip install onnxruntime" in result.stdout
    result = run("doctor", "--model", tmp_path / "none.onnx")
    assert result.returncode == 69 and "✗ face model" in result.stdout


def readme_commands():
    """Each command line of this product in the README's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("arcface-tensorrt")]


def has_torch():
    """Whether a Python that the command looks at has torch."""
    return any(subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0
               for python in ("python3", "/usr/bin/python3"))


@pytest.fixture
def bucket(tmp_path_factory):
    """The environment of a team's bucket; None where no S3 server is there."""
    name = next((name for name, (program, _) in SERVERS.items() if program.exists()), None)
    if name is None:
        yield None
        return
    server = start_server(name, tmp_path_factory.mktemp(name))
    yield bucket_environment(server)
    server.stop()


def test_the_readme_s_commands_run(tmp_path, bucket):
    """All of them, in their order, in one folder: the photos and the model that the README names are made of the demo's."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "photos/a.jpg").symlink_to(PHOTO)
    (tmp_path / "models/w600k_mbf.onnx").symlink_to(SFACE)
    (tmp_path / ".deps").symlink_to(FILES.parent)
    lines = readme_commands()
    assert len(lines) >= 7
    for line in lines:
        if "rtx" in line and not RTX.exists():
            print(f"not run, as TensorRT-RTX 1.7.1 isn't there (make deps-tensorrt): {line}")
            continue
        if "--runtime cuda" in line and not NVRTC.exists():
            print(f"not run, as NVRTC isn't there (make deps-cuda): {line}")
            continue
        if "pytorch" in line and not has_torch():
            print(f"not run, as there is no Python with torch: {line}")
            continue
        if "-sm86" in line:
            print(f"not run, as there is no GPU of that kind: {line}")
            continue
        needs_bucket = "engines push" in line or "--remote" in line
        if needs_bucket and bucket is None:
            print(f"not run, as no S3 server is there (make deps-s3): {line}")
            continue
        env = bucket if needs_bucket else environment(NVRTC_LIBRARY=NVRTC) if "--runtime cuda" in line else None
        result = run(*shlex.split(line)[1:], cwd=tmp_path, env=env)
        assert result.returncode == 0, f"{line}\n{result.stderr}"


def test_every_exit_code_of_the_readme_is_tested():
    """A code that the README promises and no test looks at is a promise nobody keeps."""
    table = (ROOT / "README.md").read_text().partition("### Exit codes")[2].partition("\n## ")[0]
    codes = set(re.findall(r"^\| (\d+) \|", table, re.M))
    assert len(codes) > 8
    sources = "".join(path.read_text() for path in pathlib.Path(__file__).parent.glob("test_*.py"))
    tested = set(re.findall(r"(?:status=|returncode (?:==|!=|in) \(?)(\d+)", sources)) | {"0"}
    assert codes <= tested
