"""The vectors against onnxruntime's Python API with NumPy preprocessing, and what they are worth on real pairs."""
import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

from conftest import DATA, MBF, SFACE, cosines, embed, needs_data


def python_session(path):
    """The model as Python users load it; inputs that are no faces are removed first."""
    model = onnx.load(path)
    for value in list(model.graph.input)[1:]:
        model.graph.input.remove(value)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def python_vectors(path, images, mean, scale):
    """One face at a time (SFace's batch is fixed to 1): BGR to RGB, HWC to CHW, normalised in NumPy."""
    session = python_session(path)
    name = session.get_inputs()[0].name
    rows = []
    for image in images:
        blob = ((image[:, :, ::-1].astype(np.float32) - mean) / scale).transpose(2, 0, 1)[None]
        rows.append(session.run(None, {name: np.ascontiguousarray(blob)})[0][0])
    return np.stack(rows)


@pytest.mark.parametrize("model, mean, scale", [
    pytest.param(SFACE, 0, 1, id="sface"),
    pytest.param(MBF, 127.5, 127.5, id="w600k_mbf", marks=needs_data),
])
def test_200_aligned_faces(model, mean, scale, aligned_faces, tmp_path):
    embed(*aligned_faces, "--aligned", "--model", model, "--output", tmp_path / "faces.npz")
    ours = np.load(tmp_path / "faces.npz")
    raw = python_vectors(model, [cv2.imread(str(path)) for path in aligned_faces], mean, scale)
    lowest = cosines(ours["embeddings"], raw).min()
    norms = np.abs(ours["norms"] / np.linalg.norm(raw, axis=1) - 1).max()
    print(f"{model.stem}: cosine ≥ {lowest:.8f}, norms within {norms:.1e}")
    assert lowest >= 0.99999
    assert norms < 1e-4


def pairs():
    """The pairs of the LFW protocol: (first path, second path, same person), and the pairs a fold."""
    lines = (DATA / "lfw/pairs.txt").read_text().splitlines()
    per_fold = 2 * int(lines[0].split()[1])
    face = lambda name, number: DATA / "lfw/aligned" / f"{name}_{int(number):04}.png"
    for line in lines[1:]:
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) == 3:
            yield face(parts[0], parts[1]), face(parts[0], parts[2]), True, per_fold
        else:
            yield face(parts[0], parts[1]), face(parts[2], parts[3]), False, per_fold


@needs_data
def test_verification_accuracy(tmp_path):
    rows = list(pairs())
    faces = sorted({path for first, second, _, _ in rows for path in (first, second)})
    (tmp_path / "faces.txt").write_text("".join(f"{path}\n" for path in faces))
    embed(tmp_path / "faces.txt", "--aligned", "--model", MBF, "--batch-size", 32, "--output", tmp_path / "faces.npy")
    vectors = dict(zip(faces, np.load(tmp_path / "faces.npy")))
    scores = np.array([vectors[first] @ vectors[second] for first, second, _, _ in rows])
    same = np.array([row[2] for row in rows])
    folds = np.arange(len(rows)) // rows[0][3]
    accuracies = []
    for fold in range(folds.max() + 1):
        train = folds != fold
        thresholds = np.sort(scores[train])
        best = max(thresholds, key=lambda t: ((scores[train] >= t) == same[train]).mean())
        accuracies.append(((scores[~train] >= best) == same[~train]).mean())
    print(f"verification accuracy on {len(rows)} pairs: {100 * np.mean(accuracies):.2f} %")
    assert np.mean(accuracies) >= 0.99
