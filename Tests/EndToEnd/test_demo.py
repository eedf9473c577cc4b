"""The demo's promises: six people, six different vectors, one page."""
import os
import subprocess

import cv2
import numpy as np

from conftest import PHOTO, ROOT, cosines, embed, environment


def test_six_faces_are_six_people(tmp_path):
    embed(PHOTO, "--output", tmp_path / "faces.npz")
    data = np.load(tmp_path / "faces.npz")
    assert data["embeddings"].shape == (6, 128)
    matrix = data["embeddings"].astype(np.float64) @ data["embeddings"].T
    assert np.abs(np.diag(matrix) - 1).max() < 1e-6
    highest = (matrix - np.eye(6)).max()
    print(f"highest cosine between different people: {highest:.3f}")
    assert highest < 0.4


def test_a_mirrored_crop_is_the_same_person(demo_faces, tmp_path):
    for path in demo_faces:
        cv2.imwrite(str(tmp_path / path.name), cv2.imread(str(path))[:, ::-1])
    embed(*demo_faces, "--aligned", "--output", tmp_path / "a.npy")
    embed(*sorted(tmp_path.glob("*.png")), "--aligned", "--output", tmp_path / "b.npy")
    similar = cosines(np.load(tmp_path / "a.npy"), np.load(tmp_path / "b.npy"))
    print(f"cosine with the mirrored crop: {similar.min():.3f}…{similar.max():.3f}")
    assert similar.min() >= 0.9


def test_make_demo_prints_rows_and_matrix_and_writes_both_files():
    output = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=1800,
                            env=environment(), stdin=subprocess.DEVNULL)
    assert output.returncode == 0, output.stderr
    numbers = [line for line in output.stdout.splitlines() if line.count("0.") + line.count("1.0") >= 6]
    assert len(numbers) >= 6, output.stdout
    assert np.load(ROOT / "demo-out/faces.npz")["embeddings"].shape == (6, 128)
    page = (ROOT / "demo-out/faces.html").read_text()
    assert page.count("data:image/") >= 7 and "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org/", "") and "<script src" not in page


def test_a_repeated_demo_needs_no_network(tmp_path):
    # A proxy that nobody listens on: any attempt to download would fail.
    blocked = environment(HTTP_PROXY="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9", PIP_NO_INDEX="1")
    blocked["PATH"] = os.environ["PATH"]
    output = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=600, env=blocked,
                            stdin=subprocess.DEVNULL)
    assert output.returncode == 0, output.stderr
