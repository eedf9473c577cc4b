"""`evaluate`: figures against a re-computation in NumPy, folds and ties included; shifts, pairs that make no sense."""
import csv
import json
import os
import pathlib
import subprocess

import cv2
import numpy as np
import pytest

from conftest import DATA, MBF, SFACE, cosines, embed, environment, needs_data, run

SNAPSHOT = pathlib.Path(__file__).parent / "snapshots/help-evaluate.txt"
LFW = DATA / "lfw"


def evaluate(*arguments, status=0, **options):
    """Runs `evaluate` and checks the exit status."""
    result = run("evaluate", *arguments, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def report(*arguments, scores=None, **options):
    """The JSON that `evaluate` prints."""
    extra = ("--scores", scores) if scores else ()
    return json.loads(evaluate(*arguments, *extra, "--json", **options).stdout)


def rows_of(path):
    """Fold, label and scores of each pair."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    folds = np.array([int(row["fold"]) - 1 for row in rows])
    same = np.array([row["same"] == "1" for row in rows])
    scores = {name[6:]: np.array([float(row[name]) for row in rows]) for name in rows[0] if name.startswith("score ")}
    return folds, same, scores


def fold_accuracies(folds, same, scores):
    """LFW's protocol: each fold with the lowest threshold that is best on the others; candidates lie between scores."""
    result = []
    for fold in range(folds.max() + 1):
        train, test = folds != fold, folds == fold
        distinct = np.unique(scores[train])
        candidates = np.concatenate([[-np.inf], (distinct[1:] + distinct[:-1]) / 2, [np.inf]])
        right = ((scores[train][None] >= candidates[:, None]) == same[train][None]).sum(1)
        threshold = candidates[np.flatnonzero(right == right.max())[0]]
        result.append(((scores[test] >= threshold) == same[test]).mean())
    return np.array(result)


def roc(same, scores):
    """False and true accept rates at every distinct threshold, from none accepted to all."""
    thresholds = np.unique(scores)[::-1]
    far = [0.0] + [(scores[~same] >= threshold).mean() for threshold in thresholds]
    tar = [0.0] + [(scores[same] >= threshold).mean() for threshold in thresholds]
    return np.array(far), np.array(tar)


def equal_error_rate(far, tar):
    """Where the line through the ROC's points meets 1 - FAR, by interpolating the difference of both errors."""
    difference = far + tar - 1
    place = np.flatnonzero(difference >= 0)[0]
    return np.interp(0, difference[place - 1:place + 1], far[place - 1:place + 1])


def check_figures(scoring, folds, same, scores):
    """All figures of a scoring against NumPy."""
    expected = fold_accuracies(folds, same, scores)
    assert [fold["accuracy"] for fold in scoring["folds"]] == pytest.approx(expected, abs=0)
    assert scoring["accuracy"]["value"] == pytest.approx(expected.mean(), abs=1e-12)
    assert scoring["accuracy_std"] == pytest.approx(expected.std(), abs=1e-12)
    far, tar = roc(same, scores)
    assert scoring["area"]["value"] == pytest.approx(np.trapezoid(tar, far), abs=1e-6)
    assert scoring["equal_error_rate"]["value"] == pytest.approx(equal_error_rate(far, tar), abs=1e-6)
    for rate in scoring["tar_at_far"]:
        if (~same).sum() * rate["far"] < 10 - 1e-9:
            assert rate["tar"]["value"] is None and rate["impostor_pairs_needed"] == round(10 / rate["far"])
        else:
            assert rate["tar"]["value"] == pytest.approx(tar[far <= rate["far"]].max(), abs=1e-6)


@pytest.fixture(scope="module")
def crops(aligned_faces, tmp_path_factory):
    """A folder of 60 aligned faces of six people, called by person and number; blurred copies make pairs hard."""
    folder = tmp_path_factory.mktemp("people")
    for number, path in enumerate(aligned_faces[:60]):
        image = cv2.GaussianBlur(cv2.imread(str(path)), (0, 0), 1 + number % 7)
        noise = np.random.default_rng(number).normal(0, 40, image.shape)
        cv2.imwrite(str(folder / f"person{number % 6}_{number // 6 + 1:04}.png"), np.clip(image + noise, 0, 255))
    return folder


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """2,400 random pairs of those faces, half of them of one person."""
    random = np.random.default_rng(3)
    lines = []
    for number in range(2400):
        first, second = random.integers(6, size=2)
        if number % 2:
            second = first
        elif first == second:
            second = (first + 1) % 6
        a, b = random.choice(10, 2, replace=False) + 1
        lines.append(f"person{first}_{a:04}.png\tperson{second}_{b:04}\t{number % 2}")
    path = tmp_path_factory.mktemp("pairs") / "pairs.txt"
    path.write_text("# two faces and whether they are of one person\n" + "\n".join(lines) + "\n")
    return path


def test_help_is_as_reviewed():
    result = evaluate("--help", env=environment(COLUMNS="100"))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(result.stdout)
    assert result.stdout == SNAPSHOT.read_text()


def test_figures_equal_numpy(crops, pairs, tmp_path):
    result = report("--pairs", pairs, "--faces", crops, "--model", SFACE, "--samples", 50, scores=tmp_path / "s.csv")
    folds, same, scores = rows_of(tmp_path / "s.csv")
    assert result["folds"] == 10 and result["pairs"] == 2400 and same.sum() == 1200
    check_figures(result["scorings"][0], folds, same, scores["A"])
    # Neither perfect nor blind, or the figures would prove nothing.
    assert 0.6 < result["scorings"][0]["accuracy"]["value"] < 0.999
    assert result["scorings"][0]["tar_at_far"][0]["tar"]["value"] is not None
    low, high = result["scorings"][0]["accuracy"]["interval"]
    assert low < result["scorings"][0]["accuracy"]["value"] < high and high - low < 0.1


def test_scores_are_the_cosines_of_embed_s_vectors(crops, pairs, tmp_path):
    evaluate("--pairs", pairs, "--faces", crops, "--model", SFACE, "--samples", 0, "--scores", tmp_path / "s.csv")
    embed(crops, "--aligned", "--output", tmp_path / "faces.npz")
    names = [pathlib.Path(json.loads(line)["image"]).stem for line in (tmp_path / "faces.npz.jsonl").read_text().splitlines()]
    vectors = dict(zip(names, np.load(tmp_path / "faces.npz")["embeddings"]))
    lines = [line.split("\t") for line in pairs.read_text().splitlines()[1:]]
    expected = cosines([vectors[line[0].removesuffix(".png")] for line in lines], [vectors[line[1]] for line in lines])
    _, same, scores = rows_of(tmp_path / "s.csv")
    assert np.abs(scores["A"] - expected).max() < 1e-5
    assert (same == [line[2] == "1" for line in lines]).all()


def test_another_runtime_s_shifts_and_mixed_galleries(crops, pairs, tmp_path):
    half = tmp_path / "fp16.onnx"
    assert run("model", "prepare", SFACE, "-o", half, "--precision", "fp16").returncode == 0
    result = report("--pairs", pairs, "--faces", crops, "--model", SFACE, "--against", f"onnxruntime@{half}",
                    "--samples", 100, scores=tmp_path / "s.csv")
    folds, same, scores = rows_of(tmp_path / "s.csv")
    assert [scoring["name"] for scoring in result["scorings"]] == ["A", "B", "A × B"] == list(scores)
    for scoring in result["scorings"]:
        check_figures(scoring, folds, same, scores[scoring["name"]])
    assert [runtime["precision"] for runtime in result["runtimes"]] == ["fp32", "fp16"]
    # Half precision rounds, and changes next to nothing; a mixed pair lies between.
    assert 0 < np.abs(scores["B"] - scores["A"]).max() < 0.01
    assert 0 < np.abs(scores["A × B"] - scores["A"]).max() < 0.01
    shift = result["scorings"][1]["accuracy"]
    assert shift["shift"] == pytest.approx(shift["value"] - result["scorings"][0]["accuracy"]["value"], abs=1e-12)
    assert shift["shift_interval"][0] <= shift["shift"] <= shift["shift_interval"][1]


def test_equal_seeds_draw_equal_intervals(crops, pairs):
    arguments = ("--pairs", pairs, "--faces", crops, "--model", SFACE, "--samples", 40)
    first, again = report(*arguments), report(*arguments)
    other = report(*arguments, "--seed", 5)
    assert first == again
    assert first["scorings"][0]["area"]["interval"] != other["scorings"][0]["area"]["interval"]
    assert first["scorings"][0]["area"]["value"] == other["scorings"][0]["area"]["value"]


def test_flip_adds_the_mirrored_face(crops, tmp_path, tiny_model):
    """With a batch of one pair of kinds, the score is the cosine of summed embeddings, made here by hand."""
    mirrored = tmp_path / "mirrored"
    mirrored.mkdir()
    for path in crops.glob("*.png"):
        cv2.imwrite(str(mirrored / path.name), cv2.imread(str(path))[:, ::-1])
    raw = {}
    for folder in (crops, mirrored):
        embed(folder, "--aligned", "--model", tiny_model, "--output", tmp_path / "faces.npz")
        content = np.load(tmp_path / "faces.npz")
        raw[folder] = content["embeddings"].astype(np.float64) * content["norms"][:, None]
    summed = raw[crops] + raw[mirrored]
    names = sorted(path.stem for path in crops.glob("*.png"))
    (tmp_path / "pairs.txt").write_text("".join(f"{names[n]} {names[n + 7]} {n % 2}\n" for n in range(40)))
    evaluate("--pairs", tmp_path / "pairs.txt", "--faces", crops, "--model", tiny_model, "--flip", "--samples", 0,
             "--folds", 4, "--scores", tmp_path / "s.csv")
    _, _, scores = rows_of(tmp_path / "s.csv")
    assert np.abs(scores["A"] - cosines(summed[:40], summed[7:47])).max() < 1e-5


def test_text_and_page(crops, pairs, tmp_path):
    text = evaluate("--pairs", pairs, "--faces", crops, "--model", SFACE, "--samples", 20, "--report",
                    tmp_path / "page.html").stdout
    assert "2400 pairs, 1200 of one person and 1200 of two, in 10 folds" in text
    assert "accuracy, %" in text and "needs 10000 impostor pairs" in text
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 2 and "polyline" in page and "http" not in page.replace("http-equiv", "")


def test_missing_photos_are_told_and_left_out_on_request(crops, tmp_path):
    names = sorted(path.stem for path in crops.glob("*.png"))
    lines = [f"{names[n]} {names[n + 7]} {n % 2}" for n in range(30)] + ["gone gone_too 1"]
    (tmp_path / "pairs.txt").write_text("\n".join(lines))
    arguments = ("--pairs", tmp_path / "pairs.txt", "--faces", crops, "--model", SFACE, "--samples", 0)
    result = evaluate(*arguments, status=66)
    assert "2 of 39 photos that the pairs name aren't there, such as 'gone'" in result.stderr
    result = evaluate(*arguments, "--allow-missing")
    assert "1 of 31 pairs are left out" in result.stderr and "30 pairs" in result.stdout


def test_photos_without_a_face_cost_their_pairs_alone(crops, tmp_path):
    folder = tmp_path / "faces"
    folder.mkdir()
    for path in crops.glob("*.png"):
        (folder / path.name).symlink_to(path)
    (folder / "blank.png").write_bytes(cv2.imencode(".png", np.zeros((200, 200, 3), np.uint8))[1])
    names = sorted(path.stem for path in crops.glob("*.png"))
    lines = [f"{names[n]} {names[n + 7]} {n % 2}" for n in range(30)] + [f"blank {names[0]} 0"]
    (tmp_path / "pairs.txt").write_text("\n".join(lines))
    arguments = ("--pairs", tmp_path / "pairs.txt", "--faces", folder, "--model", SFACE, "--samples", 0)
    result = evaluate(*arguments)
    assert "blank.png" in result.stderr and "1 pair couldn't be scored" in result.stdout
    evaluate(*arguments, "--strict", status=1)


@pytest.mark.parametrize("text, status, message", [
    ("2 1\nA 1 2\nA 1 B 1\n", 65, "promises 4 pairs"), ("a b 3\n", 65, ":1: 'a b 3' names no pair"),
    ("", 65, "empty"), (None, 66, "pairs.txt"),
])
def test_pairs_that_make_no_sense(text, status, message, crops, tmp_path):
    path = tmp_path / "pairs.txt"
    if text is not None:
        path.write_text(text)
    result = evaluate("--pairs", path, "--faces", crops, "--model", SFACE, status=status)
    assert message in result.stderr and len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("extra, status", [
    (["--folds", 1], 64), (["--samples", -1], 64), (["--against", "onnx"], 64), (["--against", "onnxruntime@no.onnx"], 66),
    (["--report", "/no/such/folder/page.html"], 73), (["--faces", "/no/such/folder"], 66),
])
def test_mistakes_have_their_codes(extra, status, crops, pairs):
    faces = () if "--faces" in extra else ("--faces", crops)
    assert evaluate("--pairs", pairs, *faces, "--model", SFACE, *extra, status=status).stderr


@needs_data
def test_a_trained_model_reaches_its_accuracy_on_lfw(tmp_path):
    result = report("--pairs", LFW / "pairs.txt", "--faces", LFW / "aligned", "--model", MBF, "--samples", 200,
                    scores=tmp_path / "s.csv")
    folds, same, scores = rows_of(tmp_path / "s.csv")
    assert result["folds"] == 3 and result["pairs"] == 1800 and result["pairs_left_out"] == 0
    check_figures(result["scorings"][0], folds, same, scores["A"])
    print(f"\nw600k_mbf: {100 * result['scorings'][0]['accuracy']['value']:.2f} %")
    assert result["scorings"][0]["accuracy"]["value"] >= 0.99
