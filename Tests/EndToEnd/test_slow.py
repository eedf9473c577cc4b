"""What `make test-slow` adds: GPUs and large models."""
import os
import pathlib
import subprocess
import sys

import cv2
import numpy as np
import pytest

from conftest import FILES, ROOT, SFACE, cosines, embed
from test_same_vectors_as_python import python_vectors

pytestmark = pytest.mark.slow


def need_gpu():
    """Skips without an NVIDIA GPU, or fails if REQUIRE_GPU=1 says that there must be one."""
    if pathlib.Path("/proc/driver/nvidia/version").exists():
        return
    reason = "no NVIDIA driver is loaded here"
    pytest.fail(reason) if os.environ.get("REQUIRE_GPU") == "1" else pytest.skip(reason)


def test_onnxruntime_on_cuda_gives_the_cpu_s_vectors(aligned_faces, tmp_path):
    need_gpu()
    (tmp_path / "c.yaml").write_text("onnxruntime:\n  device: cuda\n")
    embed(*aligned_faces, "--aligned", "--require-gpu", "--config", tmp_path / "c.yaml", "--output", tmp_path / "g.npy")
    embed(*aligned_faces, "--aligned", "--output", tmp_path / "c.npy")
    lowest = cosines(np.load(tmp_path / "g.npy"), np.load(tmp_path / "c.npy")).min()
    print(f"CUDA against CPU: cosine ≥ {lowest:.7f}")
    assert lowest >= 0.999


@pytest.fixture(scope="module", params=[50, 100])
def iresnet(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("iresnet") / f"r{request.param}.onnx"
    subprocess.run([sys.executable, str(ROOT / "scripts/make_iresnet.py"), "--depth", str(request.param), "--out",
                    str(path)], check=True)
    return path


def test_a_large_model_gives_python_s_vectors(iresnet, aligned_faces, tmp_path):
    faces = aligned_faces[:16]
    embed(*faces, "--aligned", "--model", iresnet, "--output", tmp_path / "f.npy")
    expected = python_vectors(iresnet, [cv2.imread(str(path)) for path in faces], 127.5, 127.5)
    lowest = cosines(np.load(tmp_path / "f.npy"), expected).min()
    print(f"{iresnet.stem}: cosine ≥ {lowest:.8f}")
    assert lowest >= 0.99999


def test_memory_does_not_grow_with_photos(tmp_path):
    """Detection of 4,000 photos of 40 sizes: what was needed for the largest is kept, nothing else."""
    photo = cv2.imread(str(FILES / "insightface/data/images/t1.jpg"))
    for number in range(40):
        scale = 0.1 + 0.02 * number
        cv2.imwrite(str(tmp_path / f"{number:02}.jpg"), cv2.resize(photo, None, fx=scale, fy=scale * 0.9))
    peaks = {}
    for count in (400, 4000):
        listed = tmp_path / f"{count}.txt"
        listed.write_text("".join(f"{n % 40:02}.jpg\n" for n in range(count)))
        script = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stderr=subprocess.DEVNULL);"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        command = [sys.executable, "-c", script, ROOT / ".build/release/arcface-tensorrt", "embed", listed, "--model",
                   SFACE, "--faces", "largest", "--output", tmp_path / f"{count}.npz"]
        output = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=True)
        peaks[count] = int(output.stdout) / 1024
    print(f"peak RSS: {peaks[400]:.0f} MB at 400 photos, {peaks[4000] - peaks[400]:+.1f} MB at 4,000")
    assert peaks[4000] - peaks[400] < 30
