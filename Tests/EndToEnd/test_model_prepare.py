"""`model prepare` and `embed --precision`: what is written, checked by onnx, run by onnxruntime, and how fast it is."""
import json
import subprocess
import sys

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conftest import BINARY, DATA, MBF, ROOT, SFACE, cosines, embed, environment, needs_data, run

# The script's place in the package, and beside it where it is kept for all.
GENERATOR = next((path for path in (ROOT / "scripts/make_iresnet.py", DATA.parent / "tools/make_iresnet.py")
                  if path.exists()), None)
needs_generator = pytest.mark.skipif(GENERATOR is None, reason="make_iresnet.py isn't there")

# Operators whose inputs must all be of one type, by the places of those inputs; None is all.
TYPED = {"Conv": None, "Gemm": None, "MatMul": None, "Add": None, "Sub": None, "Mul": None, "Div": None, "PRelu": None,
         "BatchNormalization": None, "Relu": None, "LeakyRelu": None, "Flatten": None, "GlobalAveragePool": None,
         "Transpose": None, "Reshape": [0], "Gather": [0]}


def prepare(*arguments, status=0, **options):
    """Runs `model prepare` and checks the exit status."""
    result = run("model", "prepare", *arguments, **options)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


def iresnet(folder, depth, *arguments):
    """An IResNet of random weights."""
    path = folder / f"iresnet{depth}.onnx"
    subprocess.run([sys.executable, GENERATOR, "--depth", str(depth), "--out", path, *arguments], check=True,
                   stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Models by name, made when they are asked for."""
    folder = tmp_path_factory.mktemp("models")
    made = {"sface": SFACE, "w600k_mbf": MBF}

    def find(name):
        if name not in made:
            made[name] = iresnet(folder, 18)
        return made[name]
    return find


def vectors(path, faces):
    """Raw embeddings of a prepared file in onnxruntime."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    rows = [session.run(["embedding"], {"faces": faces[start:start + 8]})[0] for start in range(0, len(faces), 8)]
    assert rows[0].dtype == np.float32
    return np.concatenate(rows)


def rounded_vectors(path, faces):
    """Raw embeddings of a prepared float16 file with every value inside rounded to float16.

    onnxruntime computes float16 graphs in float32 on a CPU and drops the roundings between its nodes. GPUs don't: they add up
    in float32 and store float16. So each node runs in a session of its own.
    """
    model = check_file(path)
    types = types_of(model)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    last = {name: node for node in model.graph.node for name in node.input}
    values = {"faces": faces}
    for node in model.graph.node:
        inputs = [helper.make_tensor_value_info(name, types[name], None) for name in dict.fromkeys(node.input)
                  if name not in constants]
        outputs = [helper.make_tensor_value_info(name, types[name], None) for name in node.output]
        graph = helper.make_graph([node], "one", inputs, outputs,
                                  [constants[name] for name in dict.fromkeys(node.input) if name in constants])
        single = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
        session = onnxruntime.InferenceSession(single.SerializeToString(), providers=["CPUExecutionProvider"])
        with np.errstate(over="ignore"):
            results = session.run(None, {value.name: values[value.name] for value in inputs})
        values.update(zip(node.output, results))
        for name in [name for name in values if last.get(name) is node]:
            del values[name]
    return values["embedding"]


def metadata(model):
    return {entry.key: entry.value for entry in model.metadata_props}


def types_of(model):
    """The element types of a model's values by their names."""
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    types = {value.name: value.type.tensor_type.elem_type
             for value in [*inferred.input, *inferred.output, *inferred.value_info]}
    return types | {tensor.name: tensor.data_type for tensor in model.graph.initializer}


def check_file(path):
    """onnx's full check, the contract of prepared graphs, and that no operator mixes types. Returns the model."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    types = types_of(model)
    assert [(value.name, types[value.name]) for value in model.graph.input] == [("faces", TensorProto.UINT8)]
    assert [(value.name, types[value.name]) for value in model.graph.output] == [("embedding", TensorProto.FLOAT)]
    assert model.graph.node[0].op_type == "Cast"
    for node in model.graph.node:
        if node.op_type in TYPED:
            places = TYPED[node.op_type] or range(len(node.input))
            found = {types[node.input[place]] for place in places if node.input[place]}
            assert len(found) == 1, f"{node.op_type} '{node.name}' mixes {found}"
    return model


@pytest.fixture(scope="session")
def faces(aligned_faces):
    """24 aligned faces, uint8 [24,112,112,3], BGR."""
    return np.stack([cv2.imread(str(path)) for path in aligned_faces[:24]])


@pytest.mark.parametrize("name", [
    "sface", pytest.param("w600k_mbf", marks=needs_data), pytest.param("iresnet18", marks=needs_generator),
])
@pytest.mark.parametrize("target", ["tensorrt", "onnxruntime"])
def test_float16_gives_the_embeddings_of_float32(name, target, models, faces, tmp_path):
    for precision in ("fp32", "fp16"):
        prepare(models(name), "-o", tmp_path / f"{precision}.onnx", "--precision", precision, "--target", target)
    single, half = check_file(tmp_path / "fp32.onnx"), check_file(tmp_path / "fp16.onnx")
    assert metadata(single)["arcface.precision"] == "fp32" and metadata(half)["arcface.precision"] == "fp16"
    assert {tensor.data_type for tensor in half.graph.initializer} <= {TensorProto.FLOAT16, TensorProto.INT64}
    assert sum(node.op_type == "Cast" for node in half.graph.node) == 2
    expected = vectors(tmp_path / "fp32.onnx", faces)
    for how, embeddings in (("in onnxruntime", vectors(tmp_path / "fp16.onnx", faces)),
                            ("with all values rounded", rounded_vectors(tmp_path / "fp16.onnx", faces))):
        cosine = cosines(expected, embeddings)
        print(f"{name} for {target}: fp16 {how}: cosine mean {cosine.mean():.7f}, min {cosine.min():.7f}")
        assert cosine.mean() >= 0.9999 and cosine.min() >= 0.999
        assert cosine.max() < 1 - 1e-9, "nothing was rounded"
    size = (tmp_path / "fp16.onnx").stat().st_size / (tmp_path / "fp32.onnx").stat().st_size
    assert 0.49 < size < 0.52


def test_a_prepared_file_stays_as_it_is_in_its_precision_and_gives_no_other(tmp_path):
    for precision in ("fp32", "fp16"):
        first, second = tmp_path / f"{precision}.onnx", tmp_path / f"{precision}-again.onnx"
        prepare(SFACE, "-o", first, "--precision", precision)
        result = prepare(first, "-o", second, "--precision", precision)
        assert first.read_bytes() == second.read_bytes()
        assert "prepared already" in result.stderr
    # Written in place, and by way of float32, it is the same file.
    prepare(tmp_path / "fp32.onnx", "-o", tmp_path / "fp32.onnx", "--precision", "fp16")
    assert (tmp_path / "fp32.onnx").read_bytes() == (tmp_path / "fp16.onnx").read_bytes()
    for precision in ("fp32", "int8"):
        result = prepare(tmp_path / "fp16.onnx", "-o", tmp_path / "no.onnx", "--precision", precision, status=65)
        assert f"prepared in fp16, of which {precision} can't be made" in result.stderr
        assert not (tmp_path / "no.onnx").exists()


def planted(tiny_model, path):
    """The tiny model, with a convolution in front whose values reach 10^5 before another brings them back."""
    model = onnx.load(tiny_model)
    up = np.zeros((3, 3, 1, 1), np.float32)
    up[range(3), range(3)] = 1e5
    model.graph.initializer.extend([numpy_helper.from_array(up / 10, "up"), numpy_helper.from_array(up * 1e-9, "down")])
    nodes = [helper.make_node("Conv", ["data", "up"], ["large"], "up_conv", kernel_shape=[1, 1]),
             # Not straight behind the convolution, which would take the factor over.
             helper.make_node("LeakyRelu", ["large"], ["bent"], "bend", alpha=0.9),
             helper.make_node("Mul", ["bent", "ten"], ["larger"], "times_ten"),
             helper.make_node("Conv", ["larger", "down"], ["back"], "down_conv", kernel_shape=[1, 1]), *model.graph.node]
    model.graph.initializer.append(numpy_helper.from_array(np.float32(10), "ten"))
    nodes[4].input[0] = "back"
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.save(model, path)
    return path


def test_nodes_whose_values_leave_float16_on_faces_stay_in_float32(tiny_model, demo_faces, faces, tmp_path):
    source = planted(tiny_model, tmp_path / "planted.onnx")
    prepare(source, "-o", tmp_path / "fp32.onnx", "--precision", "fp32")
    blind = json.loads(prepare(source, "-o", tmp_path / "blind.onnx", "--precision", "fp16", "--json").stdout)
    assert blind["float32_nodes"] == []
    result = prepare(source, "-o", tmp_path / "fp16.onnx", "--precision", "fp16", "--calibration-faces",
                     demo_faces[0].parent, "--aligned", "--json")
    summary = json.loads(result.stdout)
    kept = {entry["node"]: entry["reason"] for entry in summary["float32_nodes"]}
    assert set(kept) == {"Mul 'times_ten'", "Conv 'down_conv'"}
    assert all("on faces" in reason for reason in kept.values())
    assert "Mul 'times_ten' stays in float32" in result.stderr
    model = check_file(tmp_path / "fp16.onnx")
    assert metadata(model)["arcface.fp32_values"].split("\n") == ["larger", "back"]
    expected = vectors(tmp_path / "fp32.onnx", faces)
    assert not np.isfinite(rounded_vectors(tmp_path / "blind.onnx", faces)).all()
    assert cosines(expected, rounded_vectors(tmp_path / "fp16.onnx", faces)).min() >= 0.999


def test_weights_that_float16_cannot_hold_need_no_faces(tiny_model, faces, tmp_path):
    model = onnx.load(tiny_model)
    weights = model.graph.initializer[0]
    values = numpy_helper.to_array(weights) * np.float32(1e8)
    weights.CopyFrom(numpy_helper.from_array(values, "w"))
    onnx.save(model, tmp_path / "large.onnx")
    prepare(tmp_path / "large.onnx", "-o", tmp_path / "fp32.onnx", "--precision", "fp32")
    summary = json.loads(prepare(tmp_path / "large.onnx", "-o", tmp_path / "fp16.onnx", "--precision", "fp16",
                                 "--json").stdout)
    assert [entry["node"].split()[0] for entry in summary["float32_nodes"]] == ["Conv"]
    assert "float16 ends at 65504" in summary["float32_nodes"][0]["reason"]
    check_file(tmp_path / "fp16.onnx")


def test_a_model_exported_in_float16_is_taken(tiny_model, faces, tmp_path):
    model = onnx.load(tiny_model)
    rounded = numpy_helper.to_array(model.graph.initializer[0]).astype(np.float16)
    for name, dtype in (("half", TensorProto.FLOAT16), ("rounded", TensorProto.FLOAT)):
        weights = rounded if name == "half" else rounded.astype(np.float32)
        model.graph.initializer[0].CopyFrom(numpy_helper.from_array(weights, "w"))
        for value in (model.graph.input[0], model.graph.output[0]):
            value.type.tensor_type.elem_type = dtype
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, tmp_path / f"{name}.onnx")
        prepare(tmp_path / f"{name}.onnx", "-o", tmp_path / f"{name}-32.onnx", "--precision", "fp32")
        prepare(tmp_path / f"{name}.onnx", "-o", tmp_path / f"{name}-16.onnx", "--precision", "fp16")
        check_file(tmp_path / f"{name}-16.onnx")
    for precision in (32, 16):
        first, second = (vectors(tmp_path / f"{name}-{precision}.onnx", faces) for name in ("half", "rounded"))
        assert np.array_equal(first, second)


@pytest.mark.parametrize("arguments, status, message", [
    (["SFACE", "--precision", "fp16"], 64, "--output"),
    (["SFACE", "-o", "OUT"], 64, "--precision"),
    (["SFACE", "-o", "OUT", "--precision", "fp8"], 64, "fp8"),
    (["SFACE", "-o", "OUT", "--precision", "fp16", "--aligned"], 64, "--calibration-faces"),
    (["missing.onnx", "-o", "OUT", "--precision", "fp16"], 66, "missing.onnx"),
    (["SFACE", "-o", "no/folder/out.onnx", "--precision", "fp16"], 73, "no/folder"),
    (["SFACE", "-o", "OUT", "--precision", "int8"], 78, "--calibration-faces"),
    (["SFACE", "-o", "OUT", "--precision", "fp16", "--calibration-faces", "missing"], 66, "missing"),
    (["README", "-o", "OUT", "--precision", "fp16"], 65, "not an ONNX model"),
])
def test_what_can_not_be_prepared_says_why(arguments, status, message, tmp_path):
    places = {"SFACE": SFACE, "OUT": tmp_path / "out.onnx", "README": ROOT / "README.md"}
    result = prepare(*(places.get(argument, argument) for argument in arguments), status=status, cwd=tmp_path)
    assert message in result.stderr and not result.stdout
    assert not (tmp_path / "out.onnx").exists()


def test_embed_computes_in_the_precision_asked_for(demo_faces, tmp_path):
    def vectors_of(name, *arguments, **options):
        result = embed(*demo_faces, "--aligned", "--json", "--output", tmp_path / f"{name}.npy", *arguments, **options)
        return json.loads(result.stdout)["precision"], np.load(tmp_path / f"{name}.npy")

    usual, single = vectors_of("usual")
    assert usual == "fp32"
    # Engines are float16 unless said otherwise; that is no word about the CPU.
    precision, same = vectors_of("engine", env=environment(ARCFACE_TENSORRT_PRECISION="fp16"))
    assert precision == "fp32" and np.array_equal(single, same)

    precision, half = vectors_of("half", "--precision", "fp16")
    assert precision == "fp16"
    assert 0.999 < cosines(single, half).min() and not np.array_equal(single, half)
    precision, same = vectors_of("environment", env=environment(ARCFACE_ONNXRUNTIME_PRECISION="fp16"))
    assert precision == "fp16" and np.array_equal(half, same)

    prepare(SFACE, "-o", tmp_path / "half.onnx", "--precision", "fp16", "--target", "onnxruntime")
    precision, same = vectors_of("file", "--model", tmp_path / "half.onnx")
    assert precision == "fp16" and np.array_equal(half, same)


def test_embed_refuses_a_precision_that_it_can_not_reach(demo_faces, tmp_path):
    arguments = [*demo_faces, "--aligned", "--output", tmp_path / "f.npy"]
    prepare(SFACE, "-o", tmp_path / "half.onnx", "--precision", "fp16")
    result = embed(*arguments, "--model", tmp_path / "half.onnx", "--precision", "fp32", status=65)
    assert "prepared in fp16, of which fp32 can't be made" in result.stderr
    assert "one of fp32, fp16, int8" in embed(*arguments, "--precision", "fp8", status=64).stderr


@pytest.mark.slow
@needs_generator
def test_writing_iresnet_100_in_float16_takes_less_than_twice_its_size_in_memory(tmp_path):
    source = iresnet(tmp_path, 100, "--calibration", "0")
    # A process begins as a copy of the one that starts it, whose memory would count: a small one starts it.
    measure = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    result = subprocess.run(
        [sys.executable, "-c", measure, BINARY, "model", "prepare", source, "-o", tmp_path / "fp16.onnx", "--precision",
         "fp16", "--json"], check=True, capture_output=True, text=True, env=environment())
    summary, kilobytes = result.stdout.splitlines()
    seconds = json.loads(summary)["seconds"]
    memory, size = int(kilobytes) * 1024, source.stat().st_size
    print(f"IResNet-100, {size / 1e6:.0f} MB, to float16: {seconds:.2f} s, {memory / 1e6:.0f} MB of memory")
    # The time is printed and not asserted: machines are shared.
    assert memory < 2 * size
    check_file(tmp_path / "fp16.onnx")
