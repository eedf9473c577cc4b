"""Times candidates for each convolution of IResNet beside cuDNN's.

python3 time_shapes.py [batch …] [--only SUBSTRING]
"""

import sys

import torch

import nvrtc
import packing
import variants
from check_kernels import random_half
from choices import alternatives
from timing import capture, microseconds
from variants import FLOAT32_OUTPUT, PRELU, RESIDUAL, Prepared, Shape

torch.backends.cudnn.benchmark = True


SHAPES = (
    Shape(64, 64, 112), Shape(64, 64, 56, 2, shortcut=64), Shape(64, 64, 56), Shape(64, 128, 56),
    Shape(128, 128, 28, 2, shortcut=64), Shape(128, 128, 28), Shape(128, 256, 28), Shape(256, 256, 14, 2, shortcut=128),
    Shape(256, 256, 14), Shape(256, 512, 14), Shape(512, 512, 7, 2, shortcut=256), Shape(512, 512, 7))


def epilogues(shape: Shape) -> tuple:
    return (0,) if shape.shortcut else (PRELU, RESIDUAL)


def precompile(batches: list) -> None:
    wanted = [
        option.variant(shape, batch, bits) for batch in batches for shape in SHAPES
        for option in alternatives(shape, batch) for bits in epilogues(shape)]
    nvrtc.compile_many([(v.file, dict(v.macros), "sm_90a") for v in wanted])


def time_final_product(batch: int) -> None:
    """The fully connected layer: tiles and splits of the portable kernel beside cuBLAS."""
    shape = Shape(25088, 512, 1, 1, 1, 0)
    x = random_half(batch, 1, 1, 25088)
    weights = [random_half(512, 25088, 1, 1, scale=25088**-0.5) for _ in range(4)]
    packed = [packing.convolution(weight) for weight in weights]
    bias, output = torch.randn(512, device="cuda"), torch.empty(batch, 1, 1, 512, device="cuda")
    workspace = torch.empty(1 << 25, device="cuda")
    counters = torch.zeros(1 << 10, device="cuda", dtype=torch.int32)
    names, graphs = ["cuBLAS"], [capture(
        lambda i: torch.nn.functional.linear(x.flatten(1), weights[i % 4].flatten(1)), 20)]
    tiles = [(16, 64, 1, 4, 6), (16, 64, 1, 4, 9), (16, 32, 1, 2, 9)] if batch <= 16 else [
        (32, 64, 2, 2, 4), (32, 64, 2, 2, 8), (64, 64, 2, 2, 6)] if batch <= 64 else [
        (128, 128, 4, 2, 3), (128, 64, 4, 2, 4), (64, 128, 2, 4, 4), (64, 64, 2, 2, 6)]
    for tile in tiles:
        for splits in (8, 16, 24, 32):
            variant = variants.portable(shape, batch, FLOAT32_OUTPUT, tile, splits)
            launches = [
                Prepared(
                    variant, batch, input=x, bias=bias, output=output, weights=one, workspace=workspace,
                    counters=counters, architecture="sm_90") for one in packed]
            graphs.append(capture(lambda i, launches=launches: launches[i % 4].launch(), 20))
            names.append(f"{variant.label} stages {tile[4]}")
    print(f"batch {batch} final product 25088→512")
    for name, time in sorted(zip(names, microseconds(graphs)), key=lambda pair: pair[1]):
        print(f"  {time:8.2f} µs {25.7e6 / time / 1e6:5.2f} TB/s of weights  {name}", flush=True)


def time_shape(shape: Shape, options: list, batch: int, others: bool = True) -> dict:
    """Prints the options' times, and beside them, if asked for, cuDNN's and the portable kernel's. Gives the sum of the
    epilogues' times by option."""
    x = random_half(batch, shape.into, shape.into, shape.inputs)
    weight = random_half(shape.outputs, shape.inputs, 3, 3, scale=(shape.inputs * 9) ** -0.5)
    bias, slope = torch.randn(shape.outputs, device="cuda") * 0.1, torch.rand(shape.outputs, device="cuda") * 0.5
    outputs = [
        torch.empty(batch, shape.out, shape.out, shape.outputs, device="cuda", dtype=torch.half) for _ in range(2)]
    residual = random_half(*outputs[0].shape)
    shortcut = extra = None
    if shape.shortcut:
        shortcut = random_half(batch, shape.into, shape.into, shape.shortcut)
        extra = random_half(shape.outputs, shape.shortcut, 1, 1, scale=shape.shortcut**-0.5)
    repeats = 40 if batch <= 32 else 10
    nchw, channels_last = x.permute(0, 3, 1, 2), weight.to(memory_format=torch.channels_last)

    def cudnn(_):
        torch.nn.functional.conv2d(nchw, channels_last, padding=1, stride=shape.stride)
        if shape.shortcut:
            torch.nn.functional.conv2d(shortcut.permute(0, 3, 1, 2), extra, stride=2)

    names, owners, graphs = [], [], []
    if others:
        names, owners, graphs = ["cuDNN, no epilogue"], [None], [capture(cudnn, repeats)]
    workspace = torch.empty(1 << 24, device="cuda")
    counters = torch.zeros(1 << 16, device="cuda", dtype=torch.int32)
    packed_hopper, packed_portable = packing.hopper(weight, extra), packing.convolution(weight)
    for option in [*options, None] if others and not shape.shortcut else options:
        for bits in epilogues(shape):
            variant = variants.portable(shape, batch, bits) if option is None else option.variant(shape, batch, bits)
            launches = [
                Prepared(
                    variant, batch, input=x, bias=bias, slope=slope, output=output, shortcut=shortcut,
                    weights=packed_portable if option is None else packed_hopper,
                    residual=residual if bits & RESIDUAL else None, workspace=workspace, counters=counters)
                for output in outputs]
            graphs.append(capture(lambda i, launches=launches: launches[i % 2].launch(), repeats))
            names.append(f"{variant.label} epilogue {bits}")
            owners.append(option)
    operations = shape.operations(batch)
    times = microseconds(graphs)
    print(f"batch {batch} {shape.inputs}→{shape.outputs} {shape.out}² stride {shape.stride}"
          f"{f' with shortcut from {shape.shortcut}' if shape.shortcut else ''}", flush=True)
    for name, time in sorted(zip(names, times), key=lambda pair: pair[1]):
        print(f"  {time:8.2f} µs {operations / time / 1e6:5.0f} TFLOP/s  {name}", flush=True)
    return {option: sum(t for owner, t in zip(owners, times) if owner == option) for option in options}


def tune(batch: int) -> dict:
    """The fastest option for each shape, as `Network` takes them."""
    precompile([batch])
    best = {}
    for shape in SHAPES:
        options = alternatives(shape, batch)
        key = (shape.inputs, shape.outputs, shape.out, shape.stride)
        best[key] = options[0]
        if len(options) > 1:
            times = time_shape(shape, options, batch, others=False)
            best[key] = min(times, key=times.get)
    return best


if __name__ == "__main__":
    arguments = sys.argv[1:]
    only = arguments.pop(arguments.index("--only") + 1) if "--only" in arguments else ""
    batches = [int(a) for a in arguments if a.isdigit()] or [1, 8, 32, 256]
    print(torch.cuda.get_device_name())
    precompile(batches)
    for batch in batches:
        for shape in SHAPES:
            if only in f"{shape.inputs}-{shape.outputs}-{shape.out}-{shape.stride}":
                time_shape(shape, alternatives(shape, batch), batch)
        if not only or only == "fc":
            time_final_product(batch)
