"""`model prepare --precision int8`: what is written, checked by onnx, run by onnxruntime, judged on faces it has not seen."""
import collections
import json
import re
import subprocess
import sys

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from conftest import DATA, MBF, ROOT, SFACE, cosines, needs_data, run

LFW = DATA / "lfw"


def prepare(source, output, *arguments, status=0):
    """Runs `model prepare --precision int8` and checks the exit status."""
    result = run("model", "prepare", source, "-o", output, "--precision", "int8", *arguments)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def session(path, threads=2, optimized=None):
    """An onnxruntime session on the CPU."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    if optimized:
        options.optimized_model_filepath = str(optimized)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def vectors(path, faces):
    """Raw embeddings of a prepared file in onnxruntime."""
    model = session(path)
    return np.concatenate([model.run(["embedding"], {"faces": faces[start:start + 8]})[0]
                           for start in range(0, len(faces), 8)])


def agreement(first, second):
    """Mean and least cosine, and the mean distance of unit vectors."""
    values = cosines(first, second)
    return values.mean(), values.min(), np.sqrt(np.maximum(2 - 2 * values, 0)).mean()


@pytest.fixture(scope="session")
def int8(aligned_faces, tmp_path_factory):
    """A model in float32 and in int8 for a target, calibrated on 160 of the aligned faces; made when asked for."""
    folder = tmp_path_factory.mktemp("int8")
    names = folder / "calibration.txt"
    names.write_text("".join(f"{path}\n" for path in aligned_faces[:160]))
    made = {}

    def find(source, target):
        if (source, target) not in made:
            # A copy: ranges are kept beside the model.
            model = folder / f"{source.stem}.onnx"
            model.write_bytes(source.read_bytes())
            reference, output = folder / f"{source.stem}.fp32.onnx", folder / f"{source.stem}.{target}.onnx"
            assert run("model", "prepare", model, "-o", reference, "--precision", "fp32").returncode == 0
            text = prepare(model, output, "--target", target, "--calibration-faces", names).stderr
            made[source, target] = reference, output, text
        return made[source, target]
    return find


@pytest.fixture(scope="session")
def unseen_faces(aligned_faces):
    """Faces that no model was calibrated on."""
    return np.stack([cv2.imread(str(path)) for path in aligned_faces[160:]])


@pytest.mark.parametrize("target", ["tensorrt", "onnxruntime"])
@pytest.mark.parametrize("source", [SFACE, pytest.param(MBF, marks=needs_data)], ids=["sface", "w600k_mbf"])
def test_unseen_faces_agree_within_the_thresholds(source, target, int8, unseen_faces):
    reference, output, text = int8(source, target)
    mean, least, distance = agreement(vectors(reference, unseen_faces), vectors(output, unseen_faces))
    assert mean >= 0.995 and least >= 0.98 and distance < 0.10, f"{mean} {least} {distance}\n{text}"
    assert mean < 0.99999, "nothing was quantised"
    assert re.search(r"int8: cosine mean .* held-out faces: PASS", text)


@pytest.mark.parametrize("target", ["tensorrt", "onnxruntime"])
def test_the_graph_is_valid_and_its_scales_are_what_the_target_takes(target, int8):
    _, output, text = int8(SFACE, target)
    model = onnx.load(output)
    onnx.checker.check_model(model, full_check=True)
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    consumers = collections.defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            consumers[name].append(node)
    pairs = [node for node in model.graph.node if node.op_type == "QuantizeLinear"]
    assert pairs
    for node in pairs:
        scale, zero = constants[node.input[1]], constants[node.input[2]]
        assert scale.shape == () and scale > 0
        assert (zero.dtype, int(zero)) == ((np.int8, 0) if target == "tensorrt" else (np.uint8, 128))
        # Each goes straight back, by the same scale.
        assert [(next.op_type, list(next.input[1:])) for next in consumers[node.output[0]]] == [
            ("DequantizeLinear", list(node.input[1:]))]
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in constants:
            values, scales = constants[node.input[0]], constants[node.input[1]]
            assert not constants[node.input[2]].any(), "symmetric"
            axis = next(attribute.i for attribute in node.attribute if attribute.name == "axis")
            assert scales.shape == (values.shape[axis],)
            assert values.dtype == np.int8 or (values.dtype == np.int32 and target == "onnxruntime")
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert metadata["arcface.precision"] == "int8" and metadata["arcface.int8_target"] == target
    kept = metadata.get("arcface.fp32_values", "").split()
    assert len(kept) == text.count("stays in float32")


def test_onnxruntime_fuses_every_layer_that_was_quantised(int8, tmp_path):
    _, output, _ = int8(SFACE, "onnxruntime")
    weights = [node for node in onnx.load(output).graph.node if node.op_type == "DequantizeLinear"
               and node.output[0].endswith("_weights_dequantized")]
    session(output, optimized=tmp_path / "optimized.onnx")
    counts = collections.Counter(node.op_type for node in onnx.load(tmp_path / "optimized.onnx").graph.node)
    assert counts["QLinearConv"] + counts["QGemm"] == len(weights) > 10


def test_the_same_faces_give_the_same_file_from_kept_ranges(int8, aligned_faces, tmp_path):
    _, output, text = int8(SFACE, "onnxruntime")
    folder = output.parent
    again = prepare(folder / f"{SFACE.stem}.onnx", tmp_path / "again.onnx", "--target", "onnxruntime",
                    "--calibration-faces", folder / "calibration.txt")
    assert "ranges taken from" in again.stderr and "measuring" not in again.stderr
    assert "choice of layers taken from" in again.stderr and "ranking" not in again.stderr
    assert (tmp_path / "again.onnx").read_bytes() == output.read_bytes()
    other = prepare(folder / f"{SFACE.stem}.onnx", tmp_path / "other.onnx", "--target", "onnxruntime",
                    *[word for path in aligned_faces[:20] for word in ("--calibration-faces", path)])
    assert "measuring" in other.stderr


def test_each_method_gives_scales_of_its_own(int8, tmp_path):
    """From kept ranges, so that nothing is measured again; clipping methods have smaller scales than the largest magnitude."""
    _, output, _ = int8(SFACE, "onnxruntime")
    folder, scales = output.parent, {}
    for method in ("max", "percentile", "entropy", "mse"):
        result = prepare(folder / f"{SFACE.stem}.onnx", tmp_path / f"{method}.onnx", "--target", "onnxruntime",
                         "--calibration-faces", folder / "calibration.txt", "--calibration-method", method)
        assert "ranges taken from" in result.stderr
        graph = onnx.load(tmp_path / f"{method}.onnx").graph
        values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        scales[method] = {node.input[0]: float(values[node.input[1]]) for node in graph.node
                          if node.op_type == "QuantizeLinear" and values[node.input[1]].size == 1}
    # Each method may leave other layers in float32.
    common = sorted(set.intersection(*(set(found) for found in scales.values())))
    assert len(common) > 5
    rows = {method: [found[name] for name in common] for method, found in scales.items()}
    for method in ("percentile", "entropy", "mse"):
        assert all(np.array(rows[method]) <= np.array(rows["max"]) * 1.000001) and rows[method] != rows["max"]
    assert rows["percentile"] != rows["entropy"] != rows["mse"]


def test_what_int8_needs_is_said(aligned_faces, tmp_path):
    missing = prepare(SFACE, tmp_path / "out.onnx", status=78)
    assert "--calibration-faces" in missing.stderr
    few = prepare(SFACE, tmp_path / "out.onnx", "--calibration-faces", aligned_faces[0], status=65)
    assert "16" in few.stderr
    assert not (tmp_path / "out.onnx").exists()


def test_a_search_that_time_cut_short_says_so_and_agrees_all_the_same(int8, aligned_faces, unseen_faces, tmp_path):
    reference, _, _ = int8(SFACE, "onnxruntime")
    source, names = tmp_path / "sface.onnx", tmp_path / "calibration.txt"
    source.write_bytes(SFACE.read_bytes())
    names.write_text("".join(f"{path}\n" for path in aligned_faces[:48]))
    result = prepare(source, tmp_path / "cut.onnx", "--target", "onnxruntime", "--calibration-faces", names,
                     "--time-limit", "0")
    assert "the time limit of 0 s cut the search short" in result.stderr
    mean, least, distance = agreement(vectors(reference, unseen_faces), vectors(tmp_path / "cut.onnx", unseen_faces))
    assert mean >= 0.995 and least >= 0.98 and distance < 0.10
    again = prepare(source, tmp_path / "again.onnx", "--target", "onnxruntime", "--calibration-faces", names,
                    "--time-limit", "10")
    assert "cut the search short" not in again.stderr and "ranking" in again.stderr


def accuracy(embeddings, pairs):
    """Verification accuracy in percent: the threshold of each fold of 600 pairs is chosen on the other folds."""
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    scores = np.array([unit[first] @ unit[second] for first, second, _ in pairs])
    same = np.array([pair[2] for pair in pairs])
    folds = np.arange(len(pairs)) // 600
    results = []
    for fold in np.unique(folds):
        train, test = folds != fold, folds == fold
        candidates = np.unique(scores[train])
        best = max(candidates, key=lambda threshold: ((scores[train] >= threshold) == same[train]).mean())
        results.append(((scores[test] >= best) == same[test]).mean())
    return 100 * float(np.mean(results))


@pytest.fixture(scope="session")
def verification(tmp_path_factory):
    """The faces of the verification pairs, the pairs, and the accuracy of w600k_mbf in float32."""
    lines = [line.split("\t") for line in (LFW / "pairs.txt").read_text().splitlines()[1:] if line]
    named = [((line[0], line[1]), (line[0], line[2]), True) if len(line) == 3
             else ((line[0], line[1]), (line[2], line[3]), False) for line in lines]
    names = sorted({face for pair in named for face in pair[:2]})
    faces = np.stack([cv2.imread(str(LFW / "aligned" / f"{name}_{int(number):04}.png")) for name, number in names])
    place = {name: index for index, name in enumerate(names)}
    pairs = [(place[first], place[second], same) for first, second, same in named]
    reference = tmp_path_factory.mktemp("verification") / "fp32.onnx"
    assert run("model", "prepare", MBF, "-o", reference, "--precision", "fp32").returncode == 0
    return faces, pairs, accuracy(vectors(reference, faces), pairs)


@needs_data
@pytest.mark.parametrize("target", ["onnxruntime", pytest.param("tensorrt", marks=pytest.mark.slow)])
def test_verification_loses_less_than_two_tenths_of_a_point(target, verification, tmp_path):
    faces, pairs, float32 = verification
    model = tmp_path / "w600k_mbf.onnx"
    model.write_bytes(MBF.read_bytes())
    prepare(model, tmp_path / "int8.onnx", "--target", target, "--calibration-faces", LFW / "aligned",
            "--calibration-count", "256")
    quantised = accuracy(vectors(tmp_path / "int8.onnx", faces), pairs)
    assert float32 > 99 and abs(float32 - quantised) <= 0.2, f"float32 {float32}, int8 {quantised}"


@pytest.mark.slow
@pytest.mark.parametrize("depth", [50, 100])
def test_a_deep_network_agrees(depth, aligned_faces, unseen_faces, tmp_path):
    """Searched among dozens of layers, within the time limit; how long it took is printed."""
    source, names = tmp_path / f"r{depth}.onnx", tmp_path / "calibration.txt"
    subprocess.run([sys.executable, ROOT / "scripts/make_iresnet.py", "--depth", str(depth), "--fold", "--out", source],
                   check=True, stdout=subprocess.DEVNULL)
    names.write_text("".join(f"{path}\n" for path in aligned_faces[:160]))
    result = prepare(source, tmp_path / "int8.onnx", "--target", "onnxruntime", "--calibration-faces", names, "--json")
    assert run("model", "prepare", source, "-o", tmp_path / "fp32.onnx", "--precision", "fp32").returncode == 0
    mean, least, distance = agreement(vectors(tmp_path / "fp32.onnx", unseen_faces),
                                      vectors(tmp_path / "int8.onnx", unseen_faces))
    summary = json.loads(result.stdout)
    print(f"\nIResNet-{depth} in int8: {summary['seconds']:.0f} s, {len(summary['float32_nodes'])} layers in float32; "
          f"cosine mean {mean:.5f}, min {least:.5f}, L2 mean {distance:.4f}")
    assert mean >= 0.995 and least >= 0.98 and distance < 0.10
    assert "cut the search short" not in result.stderr
    # Most of the network is quantised: the file is nearer to a quarter of its source than to a half.
    assert (tmp_path / "int8.onnx").stat().st_size < 0.35 * source.stat().st_size
