"""Every kernel against PyTorch in float32: fresh random inputs, poisoned outputs and workspaces.

On a machine with an NVIDIA GPU and PyTorch: python3 check_kernels.py [portable|hopper|all|quick].
Ends with status 1 if anything is wrong.
"""

import itertools
import sys

import torch
import torch.nn.functional as F

import choices
import packing
import variants
from variants import BORDER, FLOAT32_OUTPUT, PRELU, RESIDUAL, Prepared, Shape, Split, Streamed

torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
DEVICE = "cuda"
LIMIT = 1e-3
failures = []


def border_map(shape: Shape) -> torch.Tensor:
    """The border class of every output pixel."""
    first = torch.arange(shape.out, device=DEVICE) * shape.stride - shape.padding
    axis = torch.where(first < 0, 0, torch.where(first + shape.size > shape.into, 2, 1))
    return 3 * axis[:, None] + axis[None, :]


def poison(*shape, dtype=torch.half) -> torch.Tensor:
    return torch.full(shape, float("nan"), device=DEVICE, dtype=dtype)


def random_half(*shape, scale=1.0) -> torch.Tensor:
    return (torch.randn(*shape, device=DEVICE) * scale).half()


class Epilogue:
    """Random biases, slopes and residual, and what they do in float32."""

    def __init__(self, bits: int, shape: Shape, images: int):
        self.bits, self.shape = bits, shape
        self.bias = torch.randn(9 if bits & BORDER else 1, shape.outputs, device=DEVICE) * 0.3
        self.slope = torch.rand(shape.outputs, device=DEVICE) * 0.5
        self.residual = random_half(images, shape.out, shape.out, shape.outputs) if bits & RESIDUAL else None

    def apply(self, sums: torch.Tensor) -> torch.Tensor:
        """`sums` is [images, height, width, channels]."""
        bias = self.bias[border_map(self.shape)] if self.bits & BORDER else self.bias[0]
        values = sums + bias
        if self.bits & PRELU:
            values = torch.where(values > 0, values, values * self.slope)
        return values + self.residual.float() if self.residual is not None else values


def convolve(x: torch.Tensor, weight: torch.Tensor, stride: int, padding: int, groups: int = 1) -> torch.Tensor:
    y = F.conv2d(x.float().permute(0, 3, 1, 2), weight, stride=stride, padding=padding, groups=groups)
    return y.permute(0, 2, 3, 1)


def judge(name: str, output: torch.Tensor, expected: torch.Tensor) -> None:
    difference = (output.float() - expected).norm() / expected.norm()
    worst = (output.float() - expected).abs().max() / expected.abs().max()
    right = bool(difference < LIMIT and worst < 4e-3) and not torch.isnan(output).any()
    if not right:
        failures.append(name)
    print(f"{'ok  ' if right else 'WRONG'} {name}: relative error {difference:.2e}, worst {worst:.2e}", flush=True)


def run_and_judge(name, prepare, expected, shape_of_output, dtype=torch.half, counters=None):
    try:
        output = poison(*shape_of_output, dtype=dtype)
        prepared = prepare(output)
        for dependent in (False, True):
            output.fill_(float("nan"))
            prepared.launch(dependent)
            torch.cuda.synchronize()
        judge(name, output, expected)
        if counters is not None and counters.any():
            failures.append(name + ": counters not zero")
            print("WRONG", failures[-1])
    except Exception as error:  # noqa: BLE001 – the next kernel is still worth a look
        failures.append(name)
        print(f"WRONG {name}: {type(error).__name__}: {str(error)[:600]}", flush=True)
        if "CUDA" in str(error) or "cu" in str(error)[:2]:
            raise


def check_portable(shape: Shape, images: int, bits: int, tile=None, splits=None):
    variant = variants.portable(shape, images, bits, tile, splits)
    x = random_half(images, shape.into, shape.into, shape.inputs)
    scale = (shape.inputs * shape.size**2) ** -0.5
    weight = random_half(shape.outputs, shape.inputs, shape.size, shape.size, scale=scale)
    epilogue = Epilogue(bits, shape, images)
    expected = epilogue.apply(convolve(x, weight.float(), shape.stride, shape.padding))
    workspace = poison(max(1, variant.workspace), dtype=torch.float)
    counters = torch.zeros(max(1, variant.counters), device=DEVICE, dtype=torch.int32)
    packed = packing.convolution(weight)
    run_and_judge(
        f"{variant.label} {shape} images {images} epilogue {bits}",
        lambda output: Prepared(
            variant, images, input=x, weights=packed, bias=epilogue.bias, slope=epilogue.slope,
            residual=epilogue.residual, output=output, workspace=workspace, counters=counters,
            architecture="sm_90"),
        expected, expected.shape, torch.float if bits & FLOAT32_OUTPUT else torch.half, counters)


def check_stem(outputs, side, stride, images, bits, rows, means=(127.5, 127.5, 127.5)):
    variant = variants.stem(outputs, side, stride, images, bits, rows, tuple(f"{m}f" for m in means))
    shape = Shape(3, outputs, (side - 1) // stride + 1, stride, side=side)
    faces = torch.randint(0, 256, (images, side, side, 3), device=DEVICE, dtype=torch.uint8)
    weight = random_half(outputs, 3, 3, 3, scale=0.2 / 127.5)
    epilogue = Epilogue(bits, shape, images)
    x = (faces.float() - torch.tensor(means, device=DEVICE)).half()
    expected = epilogue.apply(convolve(x, weight.float(), stride, 1))
    packed = packing.stem(weight)
    run_and_judge(
        f"{variant.label} {outputs} channels {side}² stride {stride} images {images} epilogue {bits}",
        lambda output: Prepared(
            variant, images, input=faces, weights=packed, bias=epilogue.bias, slope=epilogue.slope, output=output,
            architecture="sm_90"),
        expected, expected.shape)


def check_depthwise(shape: Shape, images: int, bits: int):
    variant = variants.depthwise(shape, images, bits)
    x = random_half(images, shape.into, shape.into, shape.outputs)
    weight = random_half(shape.outputs, 1, shape.size, shape.size, scale=1 / shape.size)
    epilogue = Epilogue(bits, shape, images)
    expected = epilogue.apply(convolve(x, weight.float(), shape.stride, shape.padding, shape.outputs))
    packed = packing.depthwise(weight)
    run_and_judge(
        f"depthwise {shape} images {images} epilogue {bits}",
        lambda output: Prepared(
            variant, images, input=x, weights=packed, bias=epilogue.bias, slope=epilogue.slope,
            residual=epilogue.residual, output=output, architecture="sm_90"),
        expected, expected.shape)


def check_elementwise(side: int, channels: int, images: int, bits: int):
    shape = Shape(channels, channels, side)
    x = random_half(images, side, side, channels)
    scale = torch.randn(channels, device=DEVICE)
    epilogue = Epilogue(bits, shape, images)
    run_and_judge(
        f"elementwise {side}² {channels} images {images} epilogue {bits}",
        lambda output: Prepared(
            variants.elementwise(side * side, channels, images, bits), images, input=x, weights=scale,
            bias=epilogue.bias, slope=epilogue.slope, residual=epilogue.residual, output=output, architecture="sm_90"),
        epilogue.apply(x.float() * scale), x.shape)


def check_hopper(shape: Shape, option, images: int, bits: int):
    variant = option.variant(shape, images, bits)
    x = random_half(images, shape.into, shape.into, shape.inputs)
    weight = random_half(shape.outputs, shape.inputs, 3, 3, scale=(shape.inputs * 9) ** -0.5)
    epilogue = Epilogue(bits, shape, images)
    sums = convolve(x, weight.float(), shape.stride, 1)
    shortcut = extra = None
    if shape.shortcut:
        shortcut = random_half(images, shape.into, shape.into, shape.shortcut)
        extra = random_half(shape.outputs, shape.shortcut, 1, 1, scale=shape.shortcut**-0.5)
        sums = sums + convolve(shortcut, extra.float(), 2, 0)
    expected = epilogue.apply(sums)
    packed = packing.hopper(weight, extra)
    run_and_judge(
        f"{variant.label} {shape} images {images} epilogue {bits}",
        lambda output: Prepared(
            variant, images, input=x, weights=packed, bias=epilogue.bias, slope=epilogue.slope,
            residual=epilogue.residual, shortcut=shortcut, output=output),
        expected, expected.shape)


def portable():
    for side, channels, bits in ((7, 512, PRELU | RESIDUAL), (14, 24, 0)):
        check_elementwise(side, channels, 3, bits)
    for shape in (
            Shape(64, 64, 56), Shape(128, 128, 28, 2), Shape(512, 512, 1, 1, 7, 0, side=7),
            Shape(24, 24, 13, 2, side=25)):
        border = BORDER if shape.padding else 0
        for bits in (PRELU | border, RESIDUAL):
            check_depthwise(shape, 3, bits)
    for outputs, side, stride, rows in ((64, 112, 1, 8), (64, 112, 1, 2), (32, 112, 2, 4), (128, 28, 1, 3)):
        for bits in (PRELU, BORDER):
            check_stem(outputs, side, stride, 3, bits, rows, (104.0, 117.0, 123.0) if bits == BORDER else (127.5,) * 3)
    shapes = (
        Shape(64, 64, 56), Shape(256, 256, 14), Shape(128, 128, 28, 2), Shape(64, 128, 28, 2, 1, 0),
        Shape(24, 40, 13, 2, side=25), Shape(64, 32, 14, 1, 1, 0), Shape(8, 8, 9), Shape(128, 512, 7, 1, 1, 0))
    for shape, images in itertools.product(shapes, (1, 5)):
        for bits in (PRELU | (BORDER if shape.padding else 0), RESIDUAL):
            check_portable(shape, images, bits)
    for images in (1, 8, 37):
        check_portable(Shape(25088, 512, 1, 1, 1, 0), images, FLOAT32_OUTPUT)
    for tile in (
            (128, 128, 4, 2, 3), (128, 128, 4, 2, 2), (64, 64, 2, 2, 4), (32, 64, 2, 2, 4), (16, 64, 1, 4, 6),
            (128, 64, 4, 2, 3)):
        for splits in (1, 3):
            check_portable(Shape(256, 256, 14), 2, PRELU | BORDER, tile, splits)


def quick():
    """A launch of each kernel and of each way through it: for compute-sanitizer, under which all takes long."""
    check_elementwise(7, 64, 2, PRELU | RESIDUAL)
    check_depthwise(Shape(64, 64, 14, 2), 2, PRELU | BORDER)
    check_stem(64, 112, 1, 1, PRELU | BORDER, 2)
    check_portable(Shape(64, 64, 14), 2, PRELU | BORDER, (64, 64, 2, 2, 4), 2)
    check_portable(Shape(25088, 512, 1, 1, 1, 0), 3, FLOAT32_OUTPUT)
    check_hopper(Shape(128, 128, 14), Streamed(7, 13, 2, 1, 1, 4, 2), 2, PRELU | BORDER)
    check_hopper(Shape(128, 128, 14), Streamed(7, 13, 1, 1, 2, 4, 2, 0, 1), 3, RESIDUAL)
    check_hopper(Shape(64, 64, 56), Streamed(2, 15, 1, 1, 1, 9, 3, 1), 2, RESIDUAL)
    check_hopper(Shape(128, 128, 14, 2, shortcut=64), Streamed(7, 13, 2, 1, 1, 4, 2), 2, 0)
    check_hopper(Shape(256, 256, 14), Split(4, 8, splits=4), 1, RESIDUAL)
    check_hopper(Shape(128, 128, 28), Split(1, 4), 1, PRELU | BORDER)
    check_hopper(Shape(256, 256, 14, 2, shortcut=128), Split(2, 4, splits=4), 1, 0)


def hopper():
    for key, by_batch in choices.TABLE.items():
        inputs, outputs, out, stride = key
        others = [(batch, option) for batch, table in choices.ALTERNATIVES.items() for option in table.get(key, [])]
        for largest, option in [*by_batch.items(), *others]:
            for images in (1, 5, 37) if largest > 8 else (1, 3):
                shape = Shape(inputs, outputs, out, stride)
                kinds = [(shape, RESIDUAL), (shape, PRELU | BORDER), (shape, PRELU)]
                if stride == 2:
                    fused = Shape(inputs, outputs, out, stride, shortcut=64 if inputs == 64 else inputs // 2)
                    kinds = [(fused, 0), (fused, PRELU | BORDER)]
                for kind, bits in kinds if images > 1 else kinds[:1]:
                    check_hopper(kind, option, images, bits)
    check_hopper(Shape(64, 64, 56, 2), Streamed(1, 7, 1, 1, 1, 9, 2, 1), 3, RESIDUAL)
    check_hopper(Shape(128, 64, 12), Split(5, 9, 1, 1, 2, 4), 3, PRELU | BORDER)


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    print(torch.cuda.get_device_name())
    if what == "quick":
        quick()
    if what in ("portable", "all"):
        portable()
    if what in ("hopper", "all"):
        hopper()
    print(f"{len(failures)} wrong" + "".join(f"\n  {name}" for name in failures))
    sys.exit(1 if failures else 0)
