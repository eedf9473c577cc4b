"""A prepared ONNX graph (uint8 faces in, embeddings out) as a torch module."""
import sys
import types

from arcface_worker import converters
from arcface_worker.failure import Failure, told


def stand_in_for_torchvision():
    """onnx2torch imports torchvision for two operators of detectors. No face model has them, and many machines have no
    torchvision, or one that doesn't fit their torch."""
    def module(name):
        made = types.ModuleType(name)
        made.__path__ = []

        def missing(attribute):
            if attribute.startswith("__"):
                raise AttributeError(attribute)

            def refuse(*_, **__):
                raise Failure("modelUnusable", f"the graph needs {name}.{attribute}, which no face model should")
            return refuse

        made.__getattr__ = missing
        return made

    sys.modules["torchvision"] = module("torchvision")
    sys.modules["torchvision.ops"] = sys.modules["torchvision"].ops = module("torchvision.ops")


def load(data, half, channels_last):
    """Converts the graph.

    Returns a module that takes uint8 [N,112,112,3] and computes in float16 if `half`.
    """
    stand_in_for_torchvision()
    try:
        import onnx
        import onnx2torch
    except Exception as error:
        raise Failure("converterMissing", f"importing {getattr(error, 'name', None) or 'onnx2torch'} failed: "
                      f"{told(error)}", "pip install onnx, and pip install --no-deps onnx2torch") from error
    try:
        model = onnx.load_model_from_string(bytes(data))
        converters.register_later_versions()
        network = onnx2torch.convert(model)
    except Failure:
        raise
    except Exception as error:
        raise Failure("modelUnusable", f"onnx2torch can't convert the graph: {told(error)}",
                      "run the original checkpoint (--checkpoint), or use onnxruntime") from error
    network.eval()
    simplify(network, half, channels_last)
    return network.half() if half else network


def simplify(network, half, channels_last):
    """Puts plain modules in the place of some of onnx2torch's: numbers stay, and torch.compile sees through them."""
    import torch

    class Cast(torch.nn.Module):
        def forward(self, faces):
            return faces.to(torch.float16 if half else torch.float32)

    class Planes(torch.nn.Module):
        """NHWC to NCHW; in memory as convolutions like it best."""

        def forward(self, faces):
            planes = faces.permute(0, 3, 1, 2)
            return planes if channels_last else planes.contiguous()

    class Slope(torch.nn.Module):
        def forward(self, value, slope):
            return torch.nn.functional.prelu(value, slope.reshape(-1))

    modules = dict(network.named_modules())
    calls = [node for node in network.graph.nodes if node.op == "call_module"]

    def put(target, module):
        parent, _, name = target.rpartition(".")
        setattr(modules[parent] if parent else network, name, module)

    for call in calls:
        kind = type(modules[call.target]).__name__
        if kind == "OnnxPReLU" and per_channel(network, call):
            put(call.target, Slope())
        if call.args and getattr(call.args[0], "op", None) == "placeholder":
            if kind != "OnnxCast":
                raise Failure("modelUnusable", f"the graph begins with {kind}, not with Cast")
            put(call.target, Cast())
            for user in call.users:
                if user.op == "call_module" and type(modules[user.target]).__name__ == "OnnxTranspose":
                    put(user.target, Planes())
    if channels_last:
        network.to(memory_format=torch.channels_last)
    network.recompile()


def per_channel(network, call):
    """True for a PRelu with a constant slope for each channel, or one for all."""
    slope = call.args[1]
    if slope.op != "get_attr":
        return False
    value = network
    for name in slope.target.split("."):
        value = getattr(value, name)
    return value.numel() == 1 or all(size == 1 for size in value.shape[1:])
