"""Writes ArcFace checkpoints as people have them; run by a Python with torch: torch_checkpoints.py KIND ONNX OUT.

KIND says what is made of the ONNX file's weights; see KINDS. Names and shapes are those of InsightFace's published checkpoints,
written down here apart from the product's own.
"""
import os
import sys
from collections import OrderedDict


def iresnet(path):
    """The weights of scripts/make_iresnet.py have a checkpoint's names already, but for PReLU."""
    import onnx
    import torch
    from onnx import numpy_helper

    weights = OrderedDict()
    for tensor in onnx.load(path).graph.initializer:
        array = torch.from_numpy(numpy_helper.to_array(tensor).copy())
        name = tensor.name.replace("slope", "weight")
        weights[name] = array.reshape(-1) if "prelu" in name else array
        if name.endswith("running_var"):
            weights[name.replace("running_var", "num_batches_tracked")] = torch.tensor(3)
    return weights


def mobilefacenet(path):
    """The trained MobileFaceNet with the tail of InsightFace's training code, whose weights are random, as a checkpoint.

    An export folds each normalisation into its convolution; in the checkpoint one follows that adds the bias and nothing else.
    """
    import torch
    from onnx import numpy_helper

    model = with_published_tail(path)
    arrays = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in model.graph.initializer}
    weights = OrderedDict()
    nodes = [node for node in model.graph.node if node.op_type in ("Conv", "PRelu")]
    for name, has_slope in places():
        node = nodes.pop(0)
        weights[f"{name}.layers.0.weight"] = arrays[node.input[1]]
        bias = arrays[node.input[2]]
        weights[f"{name}.layers.1.weight"], weights[f"{name}.layers.1.bias"] = torch.ones_like(bias), bias
        weights[f"{name}.layers.1.running_mean"] = torch.zeros_like(bias)
        weights[f"{name}.layers.1.running_var"] = torch.full_like(bias, 1 - 1e-5)
        if has_slope:
            weights[f"{name}.layers.2.weight"] = arrays[nodes.pop(0).input[1]].reshape(-1)
    assert not nodes
    weights["features.layers.2.weight"] = arrays["tail.fc"]
    for part in ("weight", "bias", "running_mean", "running_var"):
        weights[f"features.layers.3.{part}"] = arrays[f"tail.{part}"]
    return weights


def places():
    """Where the convolutions of a checkpoint are, in order, and whether a PReLU follows."""
    found = [("layers.0", True), ("layers.1", True)]
    for place, blocks in enumerate((None, 4, None, 6, None, 2), 2):
        for name in [f"layers.{place}"] if blocks is None else [f"layers.{place}.layers.{n}" for n in range(blocks)]:
            found += [(f"{name}.layers.0", True), (f"{name}.layers.1", True), (f"{name}.layers.2", False)]
    return found + [("conv_sep", True), ("features.layers.0", False)]


def with_published_tail(path):
    """w600k_mbf ends in a 1×1 convolution to 64 channels; the published code in a 7×7 one over each of the 512."""
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(path)
    graph = model.graph
    last = [index for index, node in enumerate(graph.node) if node.op_type == "PRelu"][-2]
    value = graph.node[last].output[0]
    del graph.node[last + 1:]
    random = np.random.default_rng(3)
    arrays = {"conv": random.normal(0, 0.1, (512, 1, 7, 7)), "shift": random.normal(0, 0.1, 512),
              "fc": random.normal(0, 0.05, (512, 512)), "weight": random.uniform(0.5, 1.5, 512),
              "bias": random.normal(0, 0.2, 512), "running_mean": random.normal(0, 0.2, 512),
              "running_var": random.uniform(0.5, 1.5, 512)}
    for name, array in arrays.items():
        graph.initializer.append(numpy_helper.from_array(array.astype(np.float32), f"tail.{name}"))
    graph.node.extend([
        helper.make_node("Conv", [value, "tail.conv", "tail.shift"], ["tail.1"], kernel_shape=[7, 7], group=512),
        helper.make_node("Flatten", ["tail.1"], ["tail.2"]),
        helper.make_node("Gemm", ["tail.2", "tail.fc"], ["tail.3"], transB=1),
        helper.make_node("BatchNormalization", ["tail.3", *(f"tail.{part}" for part in (
            "weight", "bias", "running_mean", "running_var"))], [graph.output[0].name], epsilon=1e-5)])
    return model


class Hostile:
    """Unpickled, it makes a file in the working folder."""

    def __reduce__(self):
        return os.system, ("touch was-run",)


def hostile(path):
    return {"conv1.weight": Hostile()}


def nested(path):
    """As training scripts save it: wrapped, and with the prefix of DataParallel."""
    return {"epoch": 7, "state_dict": OrderedDict((f"module.{name}", value) for name, value in iresnet(path).items())}


def truncated_stage(path):
    weights = iresnet(path)
    weights["layer3.1.conv2.weight"] = weights["layer3.1.conv2.weight"][:, :128]
    del weights["fc.bias"]
    return weights


def program(path):
    import torch

    return torch.jit.script(torch.nn.Linear(1, 1))


KINDS = {function.__name__: function for function in (iresnet, mobilefacenet, hostile, nested, truncated_stage, program)}

if __name__ == "__main__":
    import torch

    kind, onnx_path, out = sys.argv[1:]
    made = KINDS[kind.removesuffix("-legacy")](onnx_path)
    if kind == "mobilefacenet":
        import onnx

        onnx.save(with_published_tail(onnx_path), out + ".onnx")
    if kind == "program":
        made.save(out)
    else:
        torch.save(made, out, _use_new_zipfile_serialization=not kind.endswith("-legacy"))
