"""`compare`: verdicts, figures against a re-computation, and each planted fault found and named."""
import json

import cv2
import numpy as np
import pytest

import faulty_models as faults
from conftest import MBF, SFACE, cosines, embed, needs_data, run
from engine_tools import make_iresnet

# A comparison's reference is PyTorch where it is found; for faults it doesn't matter, and ONNX Runtime loads faster.
QUICK = ("--reference", "onnxruntime")


def compare(*arguments, status=0, **options):
    """Runs `compare` with ONNX Runtime as the candidate and checks the exit status."""
    result = run("compare", "--candidate", "onnxruntime", *arguments, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def report(*arguments, **options):
    return json.loads(compare(*arguments, "--json", **options).stdout)


def kinds(result):
    return [finding["kind"] for finding in result["diagnosis"]["findings"]]


@pytest.fixture(scope="module")
def folder(aligned_faces, tmp_path_factory):
    """A folder of twenty aligned colour faces."""
    folder = tmp_path_factory.mktemp("faces")
    for path in aligned_faces[:20]:
        (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def faces(folder):
    return ("--faces", folder, "--n-samples", 20, "--aligned")


@pytest.fixture(scope="module")
def gray(folder, tmp_path_factory):
    grays = tmp_path_factory.mktemp("gray")
    for path in sorted(folder.iterdir()):
        cv2.imwrite(str(grays / path.name), cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), cv2.COLOR_GRAY2BGR))
    return ("--faces", grays, "--n-samples", 20, "--aligned")


def test_figures_equal_numpy(faces, folder, tmp_path):
    result = report("--onnx-path", SFACE, *faces, "--reference-onnx", SFACE)
    assert result["verdict"] == "PASS" and result["diagnosis"] is None
    assert result["agreement"]["cosine_mean"] >= 0.99999 and result["face_count"] == 20
    changed = faults.plant(faults.all_epsilons(1e-5), SFACE, tmp_path / "changed.onnx")
    vectors, norms = [], []
    for model in (SFACE, changed):
        embed(folder, "--aligned", "--model", model, "--runtime", "onnxruntime", "--output", tmp_path / "f.npz")
        loaded = np.load(tmp_path / "f.npz")
        vectors.append(loaded["embeddings"].astype(np.float64))
        norms.append(loaded["norms"].astype(np.float64))
    expected = cosines(*vectors)
    figures = report("--onnx-path", changed, "--reference-onnx", SFACE, *QUICK, *faces, status=1)
    agreement = figures["agreement"]
    assert agreement["cosine_mean"] == pytest.approx(expected.mean(), abs=2e-6)
    assert agreement["cosine_min"] == pytest.approx(expected.min(), abs=2e-6)
    assert agreement["cosine_p1"] == pytest.approx(np.percentile(expected, 1), abs=2e-6)
    assert agreement["cosine_median"] == pytest.approx(np.median(expected), abs=2e-6)
    distances = np.linalg.norm(vectors[0] - vectors[1], axis=1)
    assert agreement["l2_mean"] == pytest.approx(distances.mean(), abs=2e-6)
    assert agreement["l2_max"] == pytest.approx(distances.max(), abs=2e-6)
    worst = [face["number"] for face in figures["worst"]]
    assert worst == list(np.argsort(expected)[:10])
    assert figures["worst"][0]["reference_norm"] == pytest.approx(norms[0][worst[0]], rel=1e-5)
    assert figures["worst"][0]["candidate_norm"] == pytest.approx(norms[1][worst[0]], rel=1e-5)


def test_onnx_runtime_agrees_with_the_reference_for_an_iresnet(faces, tmp_path):
    model = make_iresnet(tmp_path, 18)
    result = report("--onnx-path", model, *faces)
    assert result["verdict"] == "PASS" and result["agreement"]["cosine_mean"] >= 0.99999
    # Which reference it was is said.
    assert result["reference"]["backend"] == "pytorch" or any("PyTorch" in note for note in result["notes"])


@pytest.mark.parametrize("fault, kind, words", [
    (faults.channels_swapped, "channels-swapped", "reads RGB as BGR"),
    (faults.normalised_twice, "normalised-twice-127.5", "normalised twice"),
    (faults.scale_127_5_for_128, "normalised-by-127.5-127.5", "divides by 127.5 in place of 128"),
    (faults.all_epsilons(1e-5), "epsilon-1e-05", "have the epsilon 1e-05"),
    (faults.mirrored, "mirrored", "mirrored faces"),
    (faults.rows_exchanged, "rows-exchanged", "slot 0 holds the embedding of slot 1's face"),
])
def test_a_fault_is_found_and_named(faces, tmp_path, fault, kind, words):
    broken = faults.plant(fault, SFACE, tmp_path / "broken.onnx")
    passes = fault is faults.scale_127_5_for_128
    result = report("--onnx-path", broken, "--reference-onnx", SFACE, *QUICK, *faces, status=0 if passes else 1)
    assert kinds(result) == [kind] and words in result["diagnosis"]["findings"][0]["sentence"]
    assert result["diagnosis"]["findings"][0]["mend"]
    assert result["verdict"] == ("PASS" if passes else "FAIL")


def test_two_faults_at_once_are_both_named(faces, tmp_path):
    broken = faults.plant(faults.swapped_and_normalised_twice, SFACE, tmp_path / "broken.onnx")
    result = report("--onnx-path", broken, "--reference-onnx", SFACE, *QUICK, *faces, status=1)
    assert set(kinds(result)[0].split("+")) == {"channels-swapped", "normalised-twice-127.5"}


def test_a_nan_weight_is_named(faces, tmp_path):
    broken = faults.plant(faults.nan_weight, SFACE, tmp_path / "broken.onnx")
    import onnx
    result = report("--onnx-path", broken, "--reference-onnx", SFACE, *QUICK, *faces, status=1)
    assert kinds(result)[0] == "weight-not-finite"
    assert f"'{faults.nan_name(onnx.load(SFACE))}'" in result["diagnosis"]["findings"][0]["sentence"]
    assert result["agreement"]["nan"] > 0 and result["agreement"]["cosine_mean"] is None


def test_on_gray_faces_swapped_channels_cannot_be_told(gray, tmp_path):
    swapped = faults.plant(faults.channels_swapped, SFACE, tmp_path / "swapped.onnx")
    result = report("--onnx-path", swapped, "--reference-onnx", SFACE, *QUICK, *gray)
    assert result["verdict"] == "PASS" and any("gray" in note for note in result["notes"])
    broken = faults.plant(faults.all_epsilons(1e-5), SFACE, tmp_path / "broken.onnx")
    result = report("--onnx-path", broken, "--reference-onnx", SFACE, *QUICK, *gray, status=1)
    assert kinds(result) == ["epsilon-1e-05"]
    assert any("cannot tell" in remark for remark in result["diagnosis"]["remarks"])


def test_fp16_and_int8_have_figures_of_their_own(faces, folder, tmp_path):
    int8 = tmp_path / "int8.onnx"
    made = run("model", "prepare", SFACE, "-o", int8, "--precision", "int8", "--calibration-faces", folder, "--aligned")
    assert made.returncode == 0, made.stderr
    half = report("--onnx-path", SFACE, "--precision", "fp16", *QUICK, *faces)
    byte = report("--onnx-path", int8, "--reference-onnx", SFACE, *QUICK, *faces)
    assert half["candidate"]["precision"] == "fp16" and half["thresholds"]["section"] == "comparison"
    assert byte["candidate"]["precision"] == "int8" and byte["thresholds"]["section"] == "comparison.int8"
    for result, least in [(half, 0.9999), (byte, 0.99)]:
        assert least < result["agreement"]["cosine_mean"] < 1 - 1e-9
    assert byte["agreement"]["l2_mean"] > 3 * half["agreement"]["l2_mean"] > 0
    # The reference computes in fp32, and says so where it can't.
    assert "--reference-onnx" in compare("--onnx-path", int8, *QUICK, *faces, status=65).stderr


@needs_data
def test_a_trained_arcface_model_with_another_scale_passes_and_is_named(faces, tmp_path):
    broken = faults.plant(faults.scaled_by(127.5 / 128), MBF, tmp_path / "broken.onnx")
    result = report("--onnx-path", broken, "--reference-onnx", MBF, *QUICK, *faces)
    assert result["verdict"] == "PASS" and kinds(result) == ["normalised-by-127.5-128"]
    assert result["agreement"]["cosine_mean"] > 0.9999 and 0.001 < result["agreement"]["l2_mean"] < 0.01


def test_the_page_shows_the_ten_worst_faces_and_fetches_nothing(faces, tmp_path):
    broken = faults.plant(faults.channels_swapped, SFACE, tmp_path / "broken.onnx")
    text = compare("--onnx-path", broken, "--reference-onnx", SFACE, *QUICK, *faces, "--report", tmp_path / "r.html",
                   status=1).stdout
    page = (tmp_path / "r.html").read_text()
    assert page.count("data:image/png;base64,") == 10 and page.count("role=\"img\" aria-label=\"face ") == 10
    assert "reads RGB as BGR" in page and "reads RGB as BGR" in text and page.rstrip().endswith("</html>")
    for outside in ("http:", "https:", "<script", "<link", "@import"):
        assert outside not in page


def test_one_face_is_enough(folder):
    result = report("--onnx-path", SFACE, *QUICK, "--faces", folder, "--n-samples", 1)
    assert result["face_count"] == 1 and result["verdict"] == "PASS" and len(result["worst"]) == 1
    assert [batch["size"] for batch in result["batches"]] == [1, 8, 32]


def test_fewer_faces_than_wanted_are_an_error(folder):
    for arguments, wanted in [(("--n-samples", 21), 21), ((), 100)]:
        said = compare("--onnx-path", SFACE, *QUICK, "--faces", folder, *arguments, status=65).stderr
        assert f"{wanted} faces are wanted, and 20 images gave 20" in said and "ask for 20" in said


def test_faces_come_from_the_configuration(folder, tmp_path):
    (tmp_path / "c.yaml").write_text(f"comparison:\n  faces: {folder}\n  n_samples: 5\n")
    result = report("--onnx-path", SFACE, *QUICK, "--config", tmp_path / "c.yaml")
    assert result["faces"] == f"5 faces of {folder}"


def test_without_faces_the_demo_s_are_varied():
    assert report("--onnx-path", SFACE, *QUICK, "--n-samples", 8)["faces"] == "8 faces, augmented from 6 faces"


def test_warnings_exit_with_2_on_request(faces, tmp_path):
    (tmp_path / "c.yaml").write_text("comparison:\n  max_l2_mean: 0.00000001\n  warn_l2_mean: 2.0\n")
    line = ["--onnx-path", SFACE, "--precision", "fp16", *QUICK, *faces, "--config", tmp_path / "c.yaml"]
    assert compare(*line).stdout.rstrip().splitlines()[-1].startswith("WARN")
    compare(*line, "--strict", status=2)


@pytest.mark.parametrize("arguments, status, words", [
    (["--n-samples", 0], 64, "must be 1…1000000"),
    (["--candidate", "torch"], 64, "is no runtime"),
    (["--reference", "auto"], 64, "auto"),
    (["--engine-path", "x.plan"], 64, "--engine-path"),
    (["--onnx-path", "no-such.onnx"], 66, "no-such.onnx"),
    (["--faces", "/no/such/folder"], 66, "/no/such/folder"),
    (["--reference-onnx", __file__], 65, "not an ONNX model"),
    (["--precision", "int8"], 78, "calibration"),
])
def test_mistakes_have_their_codes(arguments, status, words):
    model = () if "--onnx-path" in arguments else ("--onnx-path", SFACE)
    result = compare(*model, *QUICK, "--n-samples", 8, *arguments, status=status)
    assert words in result.stderr and not result.stdout


def test_another_width_and_an_unwritable_report_are_errors(faces, tiny_model, tmp_path):
    said = compare("--onnx-path", tiny_model, "--reference-onnx", SFACE, *QUICK, *faces, status=65).stderr
    assert "gives 128 numbers a face, and the candidate 8" in said
    said = compare("--onnx-path", SFACE, *QUICK, *faces, "--report", tmp_path / "no/r.html", status=73).stderr
    assert "can't be opened for writing" in said
