"""The float32 kernels against PyTorch in float64: fresh random inputs, poisoned outputs and workspaces.

On a machine with an NVIDIA GPU and PyTorch: python3 check_exact.py [all|quick|times]. An image's result must be the same
bits alone and in a batch, whatever the tiles. `times` sets the kernel beside PyTorch's float32 (TF32 off).
Ends with status 1 if anything is wrong.
"""

import itertools
import sys

import torch
import torch.nn.functional as F

import packing
import variants
from check_kernels import DEVICE, border_map, poison
from variants import BORDER, FLOAT32_OUTPUT, PRELU, RESIDUAL, Prepared, Shape

torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
# Of sums of up to 25088 float32 products.
LIMIT = 5e-6
failures = []


class Operands:
    """Random operands of a layer in float32, and what it gives in float64."""

    def __init__(self, shape: Shape, images: int, bits: int, groups: int = 1, mean=None):
        self.shape, self.images, self.bits, self.mean = shape, images, bits, mean
        inputs = shape.inputs // groups
        scale = (inputs * shape.size**2) ** -0.5 / (127.5 if mean is not None else 1)
        self.weight = torch.randn(shape.outputs, inputs, shape.size, shape.size, device=DEVICE) * scale
        self.bias = torch.randn(9 if bits & BORDER else 1, shape.outputs, device=DEVICE) * 0.3
        self.slope = torch.rand(shape.outputs, device=DEVICE) * 0.5
        self.residual = self._random(shape.out, shape.outputs) if bits & RESIDUAL else None
        if mean is None:
            self.x = values = self._random(shape.into, shape.inputs)
        else:
            self.x = torch.randint(0, 256, (images, shape.into, shape.into, 3), device=DEVICE, dtype=torch.uint8)
            values = self.x.float() - mean
        sums = F.conv2d(
            values.double().permute(0, 3, 1, 2), self.weight.double(), stride=shape.stride, padding=shape.padding,
            groups=groups).permute(0, 2, 3, 1)
        sums = sums + (self.bias[border_map(shape)] if bits & BORDER else self.bias[0]).double()
        if bits & PRELU:
            sums = torch.where(sums > 0, sums, sums * self.slope.double())
        self.expected = sums + self.residual.double() if self.residual is not None else sums

    def _random(self, side: int, channels: int) -> torch.Tensor:
        return torch.randn(self.images, side, side, channels, device=DEVICE)

    def run(self, variant, packed, images=None) -> torch.Tensor:
        """What the kernel gives for the first images, twice with overlapping launches."""
        images = images or self.images
        output = poison(images, *self.expected.shape[1:], dtype=torch.float)
        counters = torch.zeros(max(1, variant.counters), device=DEVICE, dtype=torch.int32)
        prepared = Prepared(
            variant, images, input=self.x[:images].contiguous(), weights=packed, bias=self.bias, slope=self.slope,
            residual=self.residual[:images].contiguous() if self.residual is not None else None, output=output,
            workspace=poison(max(1, variant.workspace), dtype=torch.float), counters=counters, architecture="sm_90")
        for dependent in (False, True):
            output.fill_(float("nan"))
            prepared.launch(dependent)
            torch.cuda.synchronize()
        if counters.any():
            failures.append(f"{variant.label}: counters not zero")
        return output


def judge(name: str, operands: Operands, output: torch.Tensor, alone=None) -> None:
    difference = (output.double() - operands.expected).norm() / operands.expected.norm()
    same = alone is None or torch.equal(alone, output[:alone.shape[0]])
    right = bool(difference < LIMIT) and bool(torch.isfinite(output).all()) and same
    if not right:
        failures.append(name)
    print(f"{'ok  ' if right else 'WRONG'} {name}: relative error {difference:.2e}"
          f"{'' if same else ', differs alone'}", flush=True)


def check_dense(shape: Shape, images: int, bits: int, tile=None, mean=None):
    operands = Operands(shape, images, bits, mean=mean)
    packed = (packing.stem if mean is not None else packing.convolution)(operands.weight, torch.float)
    variant = variants.exact(shape, images, bits, tile, mean)
    output = operands.run(variant, packed)
    alone = operands.run(variants.exact(shape, 1, bits, None, mean), packed, 1)
    judge(f"{variant.label} {shape} images {images} epilogue {bits}", operands, output, alone)


def check_depthwise(shape: Shape, images: int, bits: int):
    operands = Operands(shape, images, bits, groups=shape.inputs)
    packed = packing.depthwise(operands.weight, torch.float)
    output = operands.run(variants.depthwise(shape, images, bits, 4), packed)
    judge(f"depthwise {shape} images {images} epilogue {bits}", operands, output)


def check_elementwise(side: int, channels: int, images: int, bits: int):
    operands = Operands(Shape(channels, channels, side, 1, 1, 0), images, bits, groups=channels)
    variant = variants.elementwise(side * side, channels, images, bits, 4)
    judge(f"elementwise {side}² {channels} images {images} epilogue {bits}", operands,
          operands.run(variant, operands.weight.flatten().contiguous()))


def quick():
    check_elementwise(7, 64, 2, PRELU | RESIDUAL)
    check_depthwise(Shape(64, 64, 14, 2), 2, PRELU | BORDER)
    check_dense(Shape(3, 64, 112), 2, PRELU | BORDER, None, 127.5)
    check_dense(Shape(64, 128, 14), 2, PRELU | BORDER, (128, 128))
    check_dense(Shape(64, 64, 14, 2), 2, RESIDUAL, (128, 64))
    check_dense(Shape(25088, 512, 1, 1, 1, 0), 3, FLOAT32_OUTPUT)


def everything():
    for side, channels, bits in ((7, 512, PRELU | RESIDUAL), (14, 24, 0)):
        check_elementwise(side, channels, 3, bits)
    for shape in (
            Shape(64, 64, 56), Shape(128, 128, 28, 2), Shape(512, 512, 1, 1, 7, 0, side=7),
            Shape(24, 24, 13, 2, side=25)):
        border = BORDER if shape.padding else 0
        for bits in (PRELU | border, RESIDUAL):
            check_depthwise(shape, 3, bits)
    for outputs, side, stride, mean in ((64, 112, 1, 127.5), (32, 112, 2, 104.3), (128, 28, 1, 0.0)):
        out = (side - 1) // stride + 1
        for images, bits in ((1, PRELU), (5, PRELU | BORDER)):
            check_dense(Shape(3, outputs, out, stride, side=side), images, bits, None, mean)
    shapes = (
        Shape(64, 64, 56), Shape(256, 256, 14), Shape(128, 128, 28, 2), Shape(64, 128, 28, 2, 1, 0),
        Shape(24, 40, 13, 2, side=25), Shape(64, 32, 14, 1, 1, 0), Shape(8, 8, 9), Shape(128, 512, 7, 1, 1, 0),
        Shape(512, 512, 7), Shape(16, 24, 9, 2, 5, 2, side=18), Shape(512, 64, 1, 1, 7, 0, side=7))
    for shape, images in itertools.product(shapes, (1, 5, 37)):
        for bits in (PRELU | (BORDER if shape.padding else 0), RESIDUAL):
            check_dense(shape, images, bits)
    for tile in ((128, 128), (128, 64), (64, 64), (32, 32)):
        check_dense(Shape(256, 256, 14), 3, PRELU | BORDER, tile)
        check_dense(Shape(40, 72, 13, 2, side=25), 3, RESIDUAL, tile)
    for images in (1, 8, 37):
        check_dense(Shape(25088, 512, 1, 1, 1, 0), images, FLOAT32_OUTPUT)


def times():
    """Microseconds of a layer at a batch, ours and PyTorch's, of CUDA graphs with 20 launches."""
    for shape, images in itertools.product(
            (Shape(64, 64, 56), Shape(128, 128, 28), Shape(256, 256, 14), Shape(512, 512, 7)), (1, 32, 128)):
        x = torch.randn(images, shape.inputs, shape.into, shape.into, device=DEVICE)
        weight = torch.randn(shape.outputs, shape.inputs, 3, 3, device=DEVICE) * 0.02
        bias = torch.zeros(shape.outputs, device=DEVICE)
        output = poison(images, shape.out, shape.out, shape.outputs, dtype=torch.float)
        ours = Prepared(
            variants.exact(shape, images, PRELU), images, input=x.permute(0, 2, 3, 1).contiguous(),
            weights=packing.convolution(weight, torch.float), bias=bias, slope=bias, output=output,
            architecture="sm_90")
        torch.backends.cudnn.benchmark = True
        found = [_microseconds(call) for call in
                 (lambda: ours.launch(False), lambda: F.conv2d(x, weight, bias, padding=1))]
        rate = shape.operations(images) / found[0] * 1e-6
        print(f"{shape.inputs} channels {shape.out}² images {images}: {found[0]:.0f} µs ({rate:.1f} TFLOP/s), "
              f"PyTorch {found[1]:.0f} µs", flush=True)


def _microseconds(call) -> float:
    stream = torch.cuda.Stream()
    with torch.cuda.stream(stream):
        for _ in range(3):
            call()
    stream.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        for _ in range(20):
            call()
    found = []
    for _ in range(5):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        graph.replay()
        end.record()
        torch.cuda.synchronize()
        found.append(begin.elapsed_time(end) * 1000 / 20)
    return sorted(found)[2]


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    print(torch.cuda.get_device_name())
    {"quick": quick, "all": everything, "times": times}[what]()
    print(f"{len(failures)} wrong" + "".join(f"\n  {name}" for name in failures))
    sys.exit(1 if failures else 0)
