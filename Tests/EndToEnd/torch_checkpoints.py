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
    """An export folds each normalisation into its convolution; here one follows that adds the bias and nothing else."""
    import onnx
    import torch
    from onnx import numpy_helper

    model = onnx.load(path)
    arrays = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in model.graph.initializer}
    weights = OrderedDict()

    def normalization(name, bias):
        weights[f"{name}.weight"], weights[f"{name}.bias"] = torch.ones_like(bias), bias
        weights[f"{name}.running_mean"] = torch.zeros_like(bias)
        weights[f"{name}.running_var"] = torch.full_like(bias, 1 - 1e-5)

    def places():
        """Where the convolutions are, in order, and whether a PReLU follows."""
        def bottleneck(name):
            return [(f"{name}.layers.0", True), (f"{name}.layers.1", True), (f"{name}.layers.2", False)]

        found = [("layers.0", True), ("layers.1", True)]
        for place, blocks in enumerate((None, 4, None, 6, None, 2), 2):
            inner = [f"layers.{place}"] if blocks is None else [f"layers.{place}.layers.{n}" for n in range(blocks)]
            for name in inner:
                found += bottleneck(name)
        return found + [("conv_sep", True), ("features.layers.0", False)]

    nodes = [node for node in model.graph.node if node.op_type in ("Conv", "PRelu", "Gemm", "BatchNormalization")]
    for name, has_slope in places():
        node = nodes.pop(0)
        assert node.op_type == "Conv", node
        weights[f"{name}.layers.0.weight"] = arrays[node.input[1]]
        normalization(f"{name}.layers.1", arrays[node.input[2]])
        if has_slope:
            weights[f"{name}.layers.2.weight"] = arrays[nodes.pop(0).input[1]].reshape(-1)
    linear, last = nodes
    scale, shift, mean, variance = (arrays[name] for name in last.input[1:])
    weights["features.layers.2.weight"] = arrays[linear.input[1]]
    weights["features.layers.3.weight"], weights["features.layers.3.bias"] = scale, shift
    weights["features.layers.3.running_mean"] = mean - arrays[linear.input[2]]
    weights["features.layers.3.running_var"] = variance
    return weights


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
    if kind == "program":
        made.save(out)
    else:
        torch.save(made, out, _use_new_zipfile_serialization=not kind.endswith("-legacy"))
