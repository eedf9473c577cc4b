"""Times candidates for each convolution of IResNet beside cuDNN's: python3 time_shapes.py [batch …] [--only SUBSTRING]."""

import functools
import sys

import torch

import nvrtc
import packing
import variants
from check_kernels import random_half
from timing import capture, microseconds
from variants import PRELU, RESIDUAL, Prepared, Shape, Split, Streamed

torch.backends.cudnn.benchmark = True


def candidates(batch: int) -> list:
    """[(shape, options)]; `None` among the options is the portable kernel by its table."""
    s, p = Streamed, Split
    small = functools.partial(Split, floor=0)
    if batch <= 2:
        return [
            (Shape(64, 64, 112), [p(1, 14), small(1, 14), p(2, 29), small(2, 29), None]),
            (Shape(64, 64, 56, 2, shortcut=64), [p(1, 7), s(1, 7, 1, 1, 1, 10, 2, 1), s(2, 15, 1, 1, 1, 10, 1, 1)]),
            (Shape(64, 64, 56), [p(1, 7), small(1, 7), p(1, 7, splits=2), p(2, 15), None]),
            (Shape(64, 128, 56), [p(1, 7), p(2, 15), p(1, 7, 2)]),
            (Shape(128, 128, 28, 2, shortcut=64), [p(1, 4, splits=2), p(1, 4), p(2, 8, splits=4), s(4, 15, 1, 1, 1, 5, 2)]),
            (Shape(128, 128, 28), [p(1, 4), p(2, 8), p(2, 8, splits=2), p(1, 4, splits=2), p(4, 15, splits=4), small(1, 4, splits=2), small(2, 8, splits=4), small(4, 15, splits=4), None]),
            (Shape(128, 256, 28), [p(2, 8), p(1, 4), p(4, 15, splits=2)]),
            (Shape(256, 256, 14, 2, shortcut=128), [p(2, 4, splits=4), p(2, 4, splits=8), s(5, 10, 1, 1, 1, 10, 2)]),
            (Shape(256, 256, 14), [
                p(2, 4, splits=2), p(2, 4, splits=4), p(4, 8, splits=4), p(5, 10, splits=4), p(4, 8, splits=8), p(7, 13, splits=8),
                p(1, 2, splits=2), small(2, 4, splits=4), small(4, 8, splits=8), small(7, 13, splits=8), None]),
            (Shape(256, 512, 14), [p(7, 13, splits=4), p(4, 8, splits=4), p(5, 10, splits=4)]),
            (Shape(512, 512, 7, 2, shortcut=256), [p(4, 4, splits=8), p(2, 2, splits=4), s(7, 7, 1, 1, 1, 12, 2)]),
            (Shape(512, 512, 7), [p(7, 7, splits=8), p(4, 4, splits=8), p(7, 7, 2, splits=8), small(7, 7, splits=8), None]),
        ]
    if batch <= 16:
        return [
            (Shape(64, 64, 112), [s(1, 14, 1, 2, 1, 9, 2, 1, 1), s(2, 29, 1, 1, 1, 9, 2, 1)]),
            (Shape(64, 64, 56, 2, shortcut=64), [s(2, 15, 1, 1, 1, 10, 1, 1), s(1, 7, 1, 1, 1, 10, 2, 1)]),
            (Shape(64, 64, 56), [p(2, 15, 1, 2), s(4, 29, 1, 1, 1, 9, 2, 1), s(2, 15, 1, 1, 1, 9, 3, 1), p(4, 29)]),
            (Shape(64, 128, 56), [s(4, 29, 2, 1, 1, 4, 2), s(4, 29, 2, 1, 1, 9, 1), p(4, 29, 2)]),
            (Shape(128, 128, 28, 2, shortcut=64), [s(4, 15, 1, 1, 1, 5, 2), p(4, 15, splits=2), p(2, 8), s(2, 8, 1, 1, 1, 9, 2), s(4, 15, 2, 1, 1, 4, 1)]),
            (Shape(128, 128, 28), [s(4, 15, 1, 1, 1, 12, 2), p(4, 15), s(7, 26, 1, 1, 1, 12, 2), p(4, 15, splits=2), p(4, 15, 2, splits=2)]),
            (Shape(128, 256, 28), [s(7, 26, 2, 1, 1, 6, 2), s(4, 15, 1, 1, 1, 12, 2), p(4, 15, 2)]),
            (Shape(256, 256, 14, 2, shortcut=128), [s(5, 10, 1, 1, 1, 10, 2), p(4, 8, splits=4), s(7, 13, 1, 1, 1, 8, 2), p(2, 4, 1, 1, 1, 4)]),
            (Shape(256, 256, 14), [s(5, 10, 1, 1, 1, 16, 2), p(7, 13, splits=4), p(7, 13, 2, splits=4), p(14, 27, splits=4), s(7, 13, 1, 1, 1, 16, 2), p(5, 10, 1, 1, 1, 2)]),
            (Shape(256, 512, 14), [s(7, 13, 2, 1, 1, 6, 2), s(7, 13, 1, 1, 1, 16, 2), s(5, 10, 2, 1, 1, 8, 2)]),
            (Shape(512, 512, 7, 2, shortcut=256), [s(7, 7, 1, 1, 1, 12, 2), p(4, 4, splits=8), s(4, 4, 1, 1, 1, 12, 2)]),
            (Shape(512, 512, 7), [s(7, 7, 1, 1, 1, 20, 2), p(7, 7, 2, splits=4), p(7, 7, 1, 2, splits=4), p(7, 7, splits=4), p(7, 7, 1, 2, splits=8), p(7, 7, 1, 4, splits=8)]),
        ]
    if batch <= 64:
        return [
            (Shape(64, 64, 112), [s(1, 14, 1, 2, 1, 9, 2, 1, 1), s(2, 29, 1, 1, 1, 9, 2, 1), s(1, 14, 1, 3, 1, 9, 1, 1)]),
            (Shape(64, 64, 56, 2, shortcut=64), [s(2, 15, 1, 1, 1, 10, 1, 1), s(1, 7, 1, 1, 1, 10, 2, 1), s(2, 15, 1, 1, 1, 3, 2)]),
            (Shape(64, 64, 56), [s(2, 15, 1, 1, 1, 9, 3, 1), s(1, 7, 1, 4, 1, 9, 2, 1, 1), s(2, 15, 1, 2, 1, 9, 2, 1, 1), s(4, 29, 1, 1, 1, 9, 2, 1)]),
            (Shape(64, 128, 56), [s(4, 29, 2, 1, 1, 4, 2), s(4, 29, 2, 1, 1, 9, 1, 1), s(2, 15, 2, 1, 1, 9, 2, 1)]),
            (Shape(128, 128, 28, 2, shortcut=64), [s(4, 15, 1, 1, 1, 5, 2), s(4, 15, 2, 1, 1, 3, 2), s(4, 15, 2, 1, 1, 7, 1), s(7, 26, 2, 1, 1, 4, 1), s(2, 8, 2, 1, 1, 5, 2)]),
            (Shape(128, 128, 28), [s(7, 26, 2, 1, 1, 4, 2), s(7, 26, 2, 1, 1, 6, 2), s(7, 26, 2, 1, 1, 8, 1)]),
            (Shape(128, 256, 28), [s(7, 26, 2, 1, 1, 6, 2), s(4, 15, 2, 1, 1, 8, 2), s(4, 15, 2, 1, 2, 6, 2)]),
            (Shape(256, 256, 14, 2, shortcut=128), [s(7, 13, 2, 1, 1, 4, 2), s(7, 13, 2, 1, 1, 8, 1), s(7, 13, 1, 1, 1, 8, 2)]),
            (Shape(256, 256, 14), [s(7, 13, 2, 1, 1, 4, 2), s(7, 13, 2, 1, 1, 8, 2), s(7, 13, 2, 1, 1, 6, 2), s(7, 13, 2, 1, 1, 6, 3)]),
            (Shape(256, 512, 14), [s(7, 13, 2, 1, 1, 6, 2), s(7, 13, 2, 1, 2, 6, 2, 0, 1), s(7, 13, 4, 1, 1, 3, 2)]),
            (Shape(512, 512, 7, 2, shortcut=256), [s(7, 7, 2, 1, 1, 6, 2), s(7, 7, 1, 2, 1, 6, 2), s(7, 7, 1, 1, 1, 12, 2)]),
            (Shape(512, 512, 7), [s(7, 7, 2, 1, 1, 8, 2), s(7, 7, 1, 2, 1, 16, 2), s(7, 7, 1, 1, 1, 20, 2), s(7, 7, 2, 1, 1, 8, 3), s(7, 7, 2, 1, 1, 10, 2)]),
        ]
    return [
        (Shape(64, 64, 112), [s(1, 14, 1, 2, 1, 9, 2, 1, 1), s(2, 29, 1, 1, 1, 9, 2, 1)]),
        (Shape(64, 64, 56, 2, shortcut=64), [s(2, 15, 1, 1, 1, 10, 1, 1), s(1, 7, 1, 1, 1, 10, 2, 1), s(2, 15, 1, 1, 1, 3, 2)]),
        (Shape(64, 64, 56), [s(1, 7, 1, 4, 1, 9, 2, 1, 1), s(2, 15, 1, 2, 1, 9, 2, 1, 1), s(2, 15, 1, 1, 1, 9, 3, 1)]),
        (Shape(64, 128, 56), [s(4, 29, 2, 1, 1, 4, 2), s(4, 29, 2, 1, 1, 9, 1, 1), s(2, 15, 2, 1, 1, 9, 2, 1)]),
        (Shape(128, 128, 28, 2, shortcut=64), [s(4, 15, 1, 1, 1, 5, 2), s(4, 15, 2, 1, 1, 3, 2), s(4, 15, 2, 1, 1, 7, 1), s(7, 26, 2, 1, 1, 4, 1), s(2, 8, 2, 1, 1, 5, 2)]),
        (Shape(128, 128, 28), [s(7, 26, 2, 1, 1, 6, 2), s(7, 26, 2, 1, 1, 8, 1), s(7, 26, 2, 1, 1, 4, 2)]),
        (Shape(128, 256, 28), [s(7, 26, 2, 1, 1, 6, 2), s(4, 15, 2, 1, 2, 6, 2)]),
        (Shape(256, 256, 14, 2, shortcut=128), [s(7, 13, 2, 1, 1, 4, 2), s(7, 13, 2, 1, 1, 8, 1), s(7, 13, 2, 1, 2, 2, 1)]),
        (Shape(256, 256, 14), [s(7, 13, 2, 1, 2, 6, 2, 0, 1), s(7, 13, 2, 1, 2, 4, 2, 0, 1), s(7, 13, 2, 1, 1, 6, 3)]),
        (Shape(256, 512, 14), [s(7, 13, 2, 1, 2, 6, 2, 0, 1), s(7, 13, 2, 1, 1, 6, 2)]),
        (Shape(512, 512, 7, 2, shortcut=256), [s(7, 7, 2, 1, 1, 6, 2), s(7, 7, 2, 1, 2, 3, 2), s(7, 7, 2, 1, 2, 6, 1), s(7, 7, 1, 2, 1, 6, 2)]),
        (Shape(512, 512, 7), [s(7, 7, 2, 1, 2, 8, 2), s(7, 7, 2, 1, 3, 6, 2), s(7, 7, 2, 2, 2, 5, 2), s(7, 7, 2, 1, 4, 4, 2)]),
    ]


def time_shape(shape: Shape, options: list, batch: int) -> None:
    x = random_half(batch, shape.into, shape.into, shape.inputs)
    weight = random_half(shape.outputs, shape.inputs, 3, 3, scale=(shape.inputs * 9) ** -0.5)
    bias, slope = torch.randn(shape.outputs, device="cuda") * 0.1, torch.rand(shape.outputs, device="cuda") * 0.5
    outputs = [torch.empty(batch, shape.out, shape.out, shape.outputs, device="cuda", dtype=torch.half) for _ in range(2)]
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

    names, graphs = ["cuDNN, no epilogue"], [capture(cudnn, repeats)]
    workspace = torch.empty(1 << 24, device="cuda")
    counters = torch.zeros(1 << 16, device="cuda", dtype=torch.int32)
    packed_hopper, packed_portable = packing.hopper(weight, extra), packing.convolution(weight)
    epilogues = (0,) if shape.shortcut else (PRELU, RESIDUAL)
    for option in options:
        for bits in epilogues:
            try:
                variant = variants.portable(shape, batch, bits) if option is None else option.variant(shape, batch, bits)
                launches = [
                    Prepared(
                        variant, batch, input=x, bias=bias, slope=slope, output=output, shortcut=shortcut,
                        weights=packed_portable if option is None else packed_hopper,
                        residual=residual if bits & RESIDUAL else None, workspace=workspace, counters=counters)
                    for output in outputs]
                graphs.append(capture(lambda i, launches=launches: launches[i % 2].launch(), repeats))
                names.append(f"{variant.label} epilogue {bits}")
            except Exception as error:  # noqa: BLE001 – an option that doesn't fit is no reason to stop
                print(f"  {option}: {str(error).strip().splitlines()[-1][:200] if str(error) else error!r}")
    operations = shape.operations(batch)
    times = microseconds(graphs)
    print(f"batch {batch} {shape.inputs}→{shape.outputs} {shape.out}² stride {shape.stride}"
          f"{f' with shortcut from {shape.shortcut}' if shape.shortcut else ''}", flush=True)
    for name, time in sorted(zip(names, times), key=lambda pair: pair[1]):
        print(f"  {time:8.2f} µs {operations / time / 1e6:5.0f} TFLOP/s  {name}", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    only = arguments.pop(arguments.index("--only") + 1) if "--only" in arguments else ""
    batches = [int(a) for a in arguments if a.isdigit()] or [1, 8, 32, 256]
    print(torch.cuda.get_device_name())
    work = [
        (batch, shape, options) for batch in batches for shape, options in candidates(batch)
        if only in f"{shape.inputs}-{shape.outputs}-{shape.out}-{shape.stride}"]
    wanted = [
        option.variant(shape, batch, bits) for batch, shape, options in work for option in options if option
        for bits in ((0,) if shape.shortcut else (PRELU, RESIDUAL))]
    nvrtc.compile_many([(v.file, dict(v.macros), "sm_90a") for v in wanted])
    for batch, shape, options in work:
        time_shape(shape, options, batch)
