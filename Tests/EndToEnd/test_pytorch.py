"""PyTorch as a runtime: its vectors, its checkpoints, the rollback, and a Python that fails."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import torch_checkpoints
from conftest import BINARY, MBF, PHOTO, ROOT, SFACE, YUNET, cosines, embed, environment, needs_data, run


def python_with_torch():
    """The interpreter that the command finds, by what `doctor` says."""
    checks = {check["name"]: check for check in json.loads(run("doctor", "--json").stdout)["checks"]}
    if checks.get("onnx2torch", {}).get("status") != "ok":
        return None
    return checks["python3"]["detail"].split(", ")[1]


PYTHON = BINARY.exists() and python_with_torch()
pytestmark = pytest.mark.skipif(
    not PYTHON, reason="no Python has torch, onnx and onnx2torch (apt-get install --no-install-recommends "
    "python3-torch python3-onnx; make test-deps)")


def vectors(*arguments, output, **options):
    """The embeddings and norms of a run, and its messages."""
    result = embed(*arguments, "--output", output, **options)
    data = np.load(output)
    return data["embeddings"], data["norms"], result.stderr


def agreement(first, second):
    """Mean cosine, and the largest relative difference of the norms."""
    return cosines(first[0], second[0]).mean(), np.abs(first[1] / second[1] - 1).max()


@pytest.fixture(scope="module")
def faces(aligned_faces):
    return aligned_faces[:24]


@pytest.fixture(scope="module")
def iresnet18(tmp_path_factory):
    """IResNet-18 with random weights as ONNX, normalisations as nodes."""
    path = tmp_path_factory.mktemp("iresnet") / "r18.onnx"
    subprocess.run([sys.executable, ROOT / "scripts/make_iresnet.py", "--depth", "18", "--out", path], check=True,
                   capture_output=True)
    return path


@pytest.fixture(scope="module")
def checkpoint(iresnet18, tmp_path_factory):
    """Makes a checkpoint of a kind."""
    folder = tmp_path_factory.mktemp("checkpoints")

    def make(kind, model=iresnet18):
        path = folder / f"{kind}.pth"
        if not path.exists():
            made = subprocess.run([PYTHON, torch_checkpoints.__file__, kind, model, path], capture_output=True, text=True)
            assert made.returncode == 0, made.stderr
        return path

    return make


@pytest.mark.parametrize("model", ["sface", "iresnet18", pytest.param("mbf", marks=needs_data)])
def test_the_vectors_of_onnxruntime(model, faces, iresnet18, tmp_path):
    path = {"sface": SFACE, "iresnet18": iresnet18, "mbf": MBF}[model]
    both = [vectors(*faces, "--aligned", "--model", path, "--runtime", runtime, output=tmp_path / f"{runtime}.npz")
            for runtime in ("onnxruntime", "pytorch")]
    cosine, norm = agreement(*both)
    print(f"{model}: cosine mean {cosine:.9f}, norms within {norm:.1e}")
    assert cosine >= 0.99999 and norm < 1e-4
    assert "pytorch" in both[1][2] and "on CPU" in both[1][2]


@pytest.mark.parametrize("kind", ["iresnet", "nested", "iresnet-legacy"])
def test_a_checkpoint_gives_the_vectors_of_its_export(kind, faces, iresnet18, checkpoint, tmp_path):
    ours = vectors(*faces, "--aligned", "--runtime", "pytorch", "--checkpoint", checkpoint(kind), "--arch", "r18",
                   output=tmp_path / "p.npz")
    onnx = vectors(*faces, "--aligned", "--model", iresnet18, "--runtime", "onnxruntime", output=tmp_path / "o.npz")
    cosine, norm = agreement(ours, onnx)
    print(f"{kind}: cosine mean {cosine:.9f}, norms within {norm:.1e}")
    assert cosine >= 0.99999 and norm < 1e-4


@needs_data
def test_a_mobilefacenet_checkpoint(faces, checkpoint, tmp_path):
    """The architecture is told by the names of the weights."""
    path = checkpoint("mobilefacenet", MBF)
    ours = vectors(*faces, "--aligned", "--runtime", "pytorch", "--checkpoint", path, output=tmp_path / "p.npz")
    onnx = vectors(*faces, "--aligned", "--model", f"{path}.onnx", "--runtime", "onnxruntime", output=tmp_path / "o.npz")
    cosine, norm = agreement(ours, onnx)
    print(f"cosine mean {cosine:.9f}, norms within {norm:.1e}")
    assert cosine >= 0.99999 and norm < 1e-4
    assert "architecture" in ours[2]


def test_the_preprocessing_of_a_checkpoint_is_the_configured_one(faces, iresnet18, checkpoint, tmp_path):
    (tmp_path / "c.yaml").write_text("preprocessing: {color: bgr, mean: 120, scale: 64}\n")
    common = (*faces[:4], "--aligned", "--config", tmp_path / "c.yaml")
    ours = vectors(*common, "--runtime", "pytorch", "--checkpoint", checkpoint("iresnet"), output=tmp_path / "p.npz")
    onnx = vectors(*common, "--model", iresnet18, "--runtime", "onnxruntime", output=tmp_path / "o.npz")
    plain = vectors(*faces[:4], "--aligned", "--model", iresnet18, "--runtime", "onnxruntime", output=tmp_path / "q.npz")
    assert agreement(ours, onnx)[0] >= 0.99999 > 0.999 > agreement(ours, plain)[0]


def one_line_of(result):
    """The only line of an error."""
    lines = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1 and result.stderr.splitlines()[-1] == lines[0], result.stderr
    return lines[0]


def refused(*arguments, status, **options):
    return one_line_of(embed(*arguments, "--aligned", "--runtime", "pytorch", status=status, **options))


def test_a_checkpoint_of_another_architecture_names_the_first_difference_and_what_fits(faces, checkpoint, tmp_path):
    line = refused(faces[0], "--checkpoint", checkpoint("iresnet"), "--arch", "r50", "--output", tmp_path / "f.npz",
                   status=65)
    assert "is no r50: layer1.2.bn1.weight is missing" in line and "more (--arch r18 fits)" in line
    line = refused(faces[0], "--checkpoint", checkpoint("iresnet"), "--arch", "mbf", "--output", tmp_path / "f.npz",
                   status=65)
    assert "is no mbf: layers.0.layers.0.weight is missing" in line and "(--arch r18 fits)" in line


def test_a_checkpoint_that_fits_nothing_names_keys_and_shapes(faces, checkpoint, tmp_path):
    path = checkpoint("truncated_stage")
    line = refused(faces[0], "--checkpoint", path, "--arch", "r18", "--output", tmp_path / "f.npz", status=65)
    assert "layer3.1.conv2.weight is [256, 128, 3, 3], not [256, 256, 3, 3], fc.bias is missing" in line
    assert "none of the known architectures fits" in line
    line = refused(faces[0], "--checkpoint", path, "--output", tmp_path / "f.npz", status=65)
    assert "holds none of r18, r34, r50, r100, r200, mbf" in line


@pytest.mark.parametrize("kind", ["hostile", "hostile-legacy"])
def test_a_hostile_checkpoint_is_not_run(kind, faces, checkpoint, tmp_path):
    path = checkpoint(kind)
    # It does what it is made for where nothing protects from it, so the test could fail.
    careless = "import sys, torch; torch.load(sys.argv[1], weights_only=False)"
    opened = subprocess.run([PYTHON, "-c", careless, path], cwd=tmp_path, capture_output=True)
    assert opened.returncode == 0 and (tmp_path / "was-run").exists()
    (tmp_path / "was-run").unlink()
    (tmp_path / ".deps").symlink_to(ROOT / ".deps")
    line = refused(faces[0], "--checkpoint", path, "--arch", "r18", "--output", tmp_path / "f.npz", status=65,
                   cwd=tmp_path)
    assert "holds more than weights" in line and "nothing of it was run" in line
    assert not (tmp_path / "was-run").exists()


def test_a_program_is_no_checkpoint(faces, checkpoint, tmp_path):
    line = refused(faces[0], "--checkpoint", checkpoint("program"), "--output", tmp_path / "f.npz", status=65)
    assert "is a TorchScript program" in line


def test_files_that_are_no_checkpoints(faces, checkpoint, iresnet18, tmp_path):
    line = refused(faces[0], "--checkpoint", tmp_path / "none.pth", "--output", tmp_path / "f.npz", status=66)
    assert "none.pth: no such checkpoint" in line
    (tmp_path / "empty.pth").touch()
    (tmp_path / "half.pth").write_bytes(checkpoint("iresnet").read_bytes()[:5_000_000])
    for path in (tmp_path / "empty.pth", tmp_path / "half.pth", iresnet18, PHOTO):
        line = refused(faces[0], "--checkpoint", path, "--output", tmp_path / "f.npz", status=65)
        assert str(path) in line and "torch" in line


def test_settings_that_make_no_sense(faces, tmp_path):
    line = refused(faces[0], "--arch", "r18", "--output", tmp_path / "f.npz", status=78)
    assert "pytorch.arch: an architecture belongs to a checkpoint" in line
    line = refused(faces[0], "--arch", "r19", "--output", tmp_path / "f.npz", status=64)
    assert "--arch" in line and "r18" in line
    # What PyTorch can't do here, and what it never does.
    for precision, part, status in (("fp16", "float16", 78), ("int8", "compile-fp16", 64)):
        line = refused(faces[0], "--precision", precision, "--output", tmp_path / "f.npz", status=status)
        assert precision in line and part in line
    (tmp_path / "c.yaml").write_text("pytorch: {mode: compile-fp16}\n")
    line = refused(faces[0], "--config", tmp_path / "c.yaml", "--output", tmp_path / "f.npz", status=78)
    assert "pytorch.mode: compile-fp16 needs a GPU" in line
    line = refused(faces[0], "--require-gpu", "--output", tmp_path / "f.npz", status=69)
    assert "a GPU is required, and pytorch runs on the CPU" in line


def test_a_torch_without_a_gpu_says_so(faces, tmp_path):
    available = subprocess.run([PYTHON, "-c", "import sys, torch; sys.exit(torch.cuda.is_available())"]).returncode
    if available:
        pytest.skip("this machine has a GPU")
    line = refused(faces[0], "--device", "cuda", "--output", tmp_path / "f.npz", status=69)
    assert "without CUDA" in line or "finds no GPU" in line


def test_a_python_that_is_not_there_or_has_no_torch(faces, tmp_path):
    def refusal(python):
        (tmp_path / "c.yaml").write_text(f"pytorch: {{python: {python}}}\n")
        return refused(faces[0], "--config", tmp_path / "c.yaml", "--output", tmp_path / "f.npz", status=69)

    assert "no such program (check pytorch.python)" in refusal("/nowhere/python")
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {PYTHON} -I -S "$@"\n')
    bare.chmod(0o755)
    assert f"no torch in {bare} (install it there: pip install torch)" in refusal(bare)


def test_a_prepared_half_is_no_reference(faces, tmp_path):
    assert run("model", "prepare", SFACE, "-o", tmp_path / "h.onnx", "--precision", "fp16").returncode == 0
    line = refused(faces[0], "--model", tmp_path / "h.onnx", "--output", tmp_path / "f.npz", status=65)
    assert "was prepared in fp16, and pytorch runs float32 graphs" in line


def children(process):
    """The process numbers of a process's children."""
    try:
        return [int(text) for text in pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()] + \
            [int(text) for task in pathlib.Path(f"/proc/{process}/task").iterdir() if task.name != str(process)
             for text in (task / "children").read_text().split()]
    except OSError:
        return []


def state(process):
    """The kernel's letter for a process, None when there is none."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError("waited in vain")


@pytest.fixture
def running(aligned_faces, tmp_path):
    """A job that takes a while, and the Python that computes for it: (process, number of the Python, folder)."""
    (tmp_path / "list.txt").write_text("".join(f"{path}\n" for path in aligned_faces * 2))
    process = subprocess.Popen(
        [BINARY, "embed", tmp_path / "list.txt", "--aligned", "--model", SFACE, "--runtime", "pytorch", "--output",
         tmp_path / "f.npz"], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True)

    def journal():
        files = list((tmp_path / "f.npz.partial").glob("*"))
        return any(file.stat().st_size > 1000 for file in files)

    wait_for(journal)
    (python,) = children(process.pid)
    yield process, python, tmp_path
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_a_python_killed_in_mid_call_is_an_error_and_the_job_can_go_on(running):
    process, python, folder = running
    os.kill(python, signal.SIGKILL)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 70, errors
    assert "was killed (SIGKILL) while embedding" in errors.splitlines()[-1]
    assert state(python) is None
    result = embed(folder / "list.txt", "--aligned", "--runtime", "pytorch", "--resume", "--output", folder / "f.npz")
    assert len(np.load(folder / "f.npz")["embeddings"]) == 400, result.stderr


def test_a_python_that_crashes_tells_the_signal(running):
    process, python, _ = running
    os.kill(python, signal.SIGSEGV)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 70 and "crashed (SIGSEGV) while embedding" in errors.splitlines()[-1]


def test_a_killed_parent_leaves_no_python(running):
    process, python, _ = running
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: state(python) in (None, "Z"), 10)


def test_a_killed_parent_leaves_no_python_that_hangs(running):
    """One that doesn't run its own code any more."""
    process, python, _ = running
    os.kill(python, signal.SIGSTOP)
    process.kill()
    process.communicate(timeout=60)
    wait_for(lambda: state(python) in (None, "Z"), 10)


def test_ctrl_c_finishes_what_was_begun(running):
    """A terminal sends it to the whole foreground group; Python is in another."""
    process, python, folder = running
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 130, errors
    assert "run again with --resume" in errors
    assert 0 < len(np.load(folder / "f.npz")["embeddings"]) < 400
    assert state(python) is None


def test_the_binary_needs_no_other_file(faces, tmp_path):
    """The Python side is part of it."""
    shutil.copy(BINARY, tmp_path / "copied")
    shutil.copytree(ROOT / ".deps/python", tmp_path / ".deps/python")
    result = subprocess.run(
        [tmp_path / "copied", "embed", faces[0], "--aligned", "--model", SFACE, "--runtime", "pytorch", "--output", "f.npz"],
        cwd=tmp_path, env=environment(ARCFACE_PYTORCH_PYTHON=PYTHON), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert np.load(tmp_path / "f.npz")["embeddings"].shape == (1, 128)


def test_a_file_in_the_working_folder_is_not_taken_for_a_library(faces, tmp_path):
    for name in ("torch", "json", "onnx"):
        (tmp_path / f"{name}.py").write_text("open('was-run', 'w')\n")
    (tmp_path / ".deps").symlink_to(ROOT / ".deps")
    embed(faces[0], "--aligned", "--runtime", "pytorch", "--output", tmp_path / "f.npz", cwd=tmp_path)
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("settings, pipeline", [
    pytest.param("arcface_tensorrt:\n  enabled: false\n", None, id="switch"),
    pytest.param("arcface_tensorrt:\n  enabled: false\n", "embedding: {backend: tensorrt, model: x}\n", id="switch-and-pipeline"),
    pytest.param("", "embedding:\n  backend: pytorch\n  model: /some/where\nserver: [1, 2]\n", id="pipeline"),
    pytest.param("embedding: {backend: pytorch}\n", None, id="backend"),
])
def test_the_rollback_gives_pytorch_s_vectors_without_nvidia_libraries(settings, pipeline, faces, tmp_path):
    reference = vectors(*faces, "--aligned", "--runtime", "onnxruntime", output=tmp_path / "o.npz")
    (tmp_path / "c.yaml").write_text(settings)
    extra = ()
    if pipeline:
        (tmp_path / "pipeline.yaml").write_text(pipeline)
        extra = ("--pipeline-config", tmp_path / "pipeline.yaml")
    (tmp_path / "list.txt").write_text("".join(f"{path}\n" for path in faces))
    process = subprocess.Popen(
        [BINARY, "embed", tmp_path / "list.txt", "--aligned", "--model", SFACE, "--config", tmp_path / "c.yaml", *extra,
         "--output", tmp_path / "p.npz", "--json"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    libraries = set()
    while process.poll() is None:
        try:
            lines = pathlib.Path(f"/proc/{process.pid}/maps").read_text().splitlines()
        except OSError:
            break
        libraries |= {line.rpartition("/")[2] for line in lines if "/" in line}
        time.sleep(0.005)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert json.loads(output)["backend"] == "pytorch" and "warning" not in errors
    assert any(name.startswith("libc.so") for name in libraries)
    assert not [name for name in libraries if name.startswith(("libcuda", "libcud", "libnv", "libtensorrt"))]
    data = np.load(tmp_path / "p.npz")
    cosine, norm = agreement((data["embeddings"], data["norms"]), reference)
    print(f"cosine mean {cosine:.9f}, norms within {norm:.1e}")
    assert cosine >= 0.99999 and norm < 1e-4


def test_doctor_tells_which_python_torch_and_converter():
    checks = {check["name"]: check for check in json.loads(run("doctor", "--json").stdout)["checks"]}
    torch = subprocess.run([PYTHON, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True)
    assert checks["python3"]["status"] == checks["torch"]["status"] == checks["onnx2torch"]["status"] == "ok"
    assert torch.stdout.strip() in checks["torch"]["detail"]
    assert "CPU only" in checks["torch"]["detail"] or "CUDA" in checks["torch"]["detail"]
