"""What tests of engines share: a place where the libraries are found, doubles of NVIDIA's, models."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from conftest import BINARY, FILES, ROOT, SFACE, environment, run

RTX = FILES / "onnxruntime_ep_nv_tensorrt_rtx/libtensorrt_rtx.so.1.7.1"
needs_rtx = pytest.mark.skipif(not RTX.exists(), reason="no TensorRT-RTX 1.7.1: make deps-tensorrt")
COMPILER = shutil.which("clang++") or shutil.which("g++")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no clang++ or g++ to build doubles of libraries with")


def place_with_libraries(folder):
    """A working folder in which the product finds the test's libraries as it finds a user's."""
    (folder / ".deps").mkdir()
    (folder / ".deps/files").symlink_to(FILES)
    return folder


def build(place, *arguments, status=0, model=SFACE, name="sface", runtime="tensorrt-rtx", env=None):
    """Runs `build --json` and gives the summary (None if it failed) and what was said."""
    result = run("build", "--onnx-path", model, "--model-name", name, "--runtime", runtime, "--output-dir",
                 "engines", "--json", *arguments, cwd=place, env=env)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return (json.loads(result.stdout) if status == 0 else None), result.stderr


def start_build(place, *arguments, model, name):
    """Begins a build in the background."""
    line = ["build", "--onnx-path", model, "--model-name", name, "--runtime", "tensorrt-rtx", "--output-dir", "engines",
            "--json", *arguments]
    return subprocess.Popen([str(BINARY), *map(str, line)], cwd=place, env=environment(), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def info(place, path, *arguments, status=0, env=None):
    """Runs `info --json` and gives the report."""
    result = run("info", "--engine-path", path, "--json", *arguments, cwd=place, env=env)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return json.loads(result.stdout) if status == 0 else result.stderr


def make_double(folder, family, version, with_driver=True):
    """Builds a double of TensorRT, and one of the driver with a GPU of compute capability 9.0; gives the environment."""
    doubles = ROOT / "Tests/Doubles"
    subprocess.run(["bash", doubles / "tensorrt/build.sh", str(family), str(version), folder], check=True)
    if with_driver:
        sources = sorted((doubles / "cuda").glob("*.cpp"))
        subprocess.run([COMPILER, "-std=c++17", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread", "-w", *sources,
                        "-o", folder / "libcuda.so.1"], check=True)
    return environment(LD_LIBRARY_PATH=folder)


def make_iresnet(folder, depth):
    """An IResNet with random weights."""
    path = folder / f"iresnet{depth}.onnx"
    subprocess.run([sys.executable, ROOT / "scripts/make_iresnet.py", "--depth", str(depth), "--out", path], check=True,
                   stdout=subprocess.DEVNULL)
    return path
