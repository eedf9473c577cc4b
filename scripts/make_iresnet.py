#!/usr/bin/env python3
"""Writes an IResNet (ArcFace's R18, R34, R50, R100, R200) with random weights as ONNX, without PyTorch.

The structure is that of the published networks, operator by operator: input `data` float32 [N,3,112,112], RGB, (x - 127.5) / 127.5;
output `fc1` float32 [N,512], not of unit length. Convolutions start as He et al. say; running mean and variance of each
normalisation are measured on random images, so that values are as large everywhere as in a trained network. Good for
numerics and speed, not for recognising anybody. The same arguments give the same file.

    scripts/make_iresnet.py --depth 50 --out r50.onnx           # normalisations as nodes
    scripts/make_iresnet.py --depth 100 --fold --out r100.onnx  # folded into convolutions, as PyTorch's exporter does
"""
import argparse
import os

# Some machines pin old OpenBLAS kernels, which only slows a current NumPy.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 14, 3), 100: (3, 13, 30, 3), 200: (6, 26, 60, 6)}
WIDTHS = (64, 128, 256, 512)
EMBEDDING = 512
EPSILON = 1e-5


class Value:
    """A value of the graph: its name, what it is for the calibration images (or None), channels and height."""

    def __init__(self, name, sample, channels, size):
        self.name, self.sample, self.channels, self.size = name, sample, channels, size


class Builder:
    """Collects nodes and weights, and runs each layer on the calibration images as it is added."""

    def __init__(self, random):
        self.random, self.nodes, self.weights, self.multiply_adds = random, [], {}, 0

    def node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], output, **attributes))
        return output

    def weight(self, name, array):
        self.weights[name] = np.ascontiguousarray(array, dtype=np.float32)
        return name

    def conv(self, value, name, channels, kernel, stride, padding):
        deviation = np.float32(np.sqrt(2 / (value.channels * kernel * kernel)))
        weights = self.random.standard_normal((channels, value.channels, kernel, kernel), dtype=np.float32) * deviation
        self.weight(f"{name}.weight", weights)
        size = (value.size + 2 * padding - kernel) // stride + 1
        self.multiply_adds += weights.size * size * size
        output = self.node("Conv", [value.name, f"{name}.weight"], f"{name}.out", kernel_shape=[kernel, kernel],
                           strides=[stride, stride], pads=[padding] * 4, dilations=[1, 1], group=1)
        sample = None if value.sample is None else convolve(value.sample, weights, stride, padding)
        return Value(output, sample, channels, size)

    def batch_norm(self, value, name, unit_scale=False):
        channels, sample = value.channels, value.sample
        scale = 1 + 0.1 * self.random.standard_normal(channels) if not unit_scale else np.ones(channels)
        shift = 0.1 * self.random.standard_normal(channels)
        scale, shift = scale.astype(np.float32), shift.astype(np.float32)
        mean, variance = np.zeros(channels, np.float32), np.ones(channels, np.float32)
        if sample is not None:
            axes = (0,) + tuple(range(2, sample.ndim))
            mean = sample.mean(axes)
            # A row a face is too few for a variance of each number: one for all.
            spread = sample.var(axes) if sample.ndim == 4 else np.full(channels, sample.var(), np.float32)
            variance = spread + 1e-3
        parameters = []
        for part, array in (("weight", scale), ("bias", shift), ("running_mean", mean), ("running_var", variance)):
            parameters.append(self.weight(f"{name}.{part}", array))
        result = self.node("BatchNormalization", [value.name, *parameters], f"{name}.out", epsilon=EPSILON, momentum=0.9)
        if sample is not None:
            factor = (scale / np.sqrt(variance + EPSILON)).astype(np.float32)
            addend = (shift - mean * factor).astype(np.float32)
            shape = (1, -1) + (1,) * (sample.ndim - 2)
            sample = sample * factor.reshape(shape) + addend.reshape(shape)
        return Value(result, sample, channels, value.size)

    def prelu(self, value, name):
        slope = (0.25 + 0.05 * self.random.standard_normal(value.channels)).astype(np.float32)
        slope = slope.reshape(value.channels, 1, 1)
        self.weight(f"{name}.slope", slope)
        output = self.node("PRelu", [value.name, f"{name}.slope"], f"{name}.out")
        sample = value.sample
        sample = None if sample is None else np.where(sample < 0, sample * slope[None], sample)
        return Value(output, sample, value.channels, value.size)

    def add(self, first, second, name):
        sample = None if first.sample is None else first.sample + second.sample
        return Value(self.node("Add", [first.name, second.name], name), sample, first.channels, first.size)

    def linear(self, value, name, width):
        inputs = value.channels * value.size * value.size
        flat = self.node("Flatten", [value.name], "flatten", axis=1)
        weights = self.random.standard_normal((width, inputs), dtype=np.float32) * np.float32(1 / np.sqrt(inputs))
        bias = (0.01 * self.random.standard_normal(width)).astype(np.float32)
        self.weight(f"{name}.weight", weights)
        self.weight(f"{name}.bias", bias)
        self.multiply_adds += weights.size
        output = self.node("Gemm", [flat, f"{name}.weight", f"{name}.bias"], f"{name}.out", transB=1, alpha=1.0,
                           beta=1.0)
        sample = value.sample
        sample = None if sample is None else sample.reshape(len(sample), inputs) @ weights.T + bias
        return Value(output, sample, width, 1)

    def fold_batch_norms(self):
        """Folds each normalisation behind a convolution into it; those in front of one stay, as PyTorch leaves them."""
        producers = {node.output[0]: node for node in self.nodes}
        kept = []
        for node in self.nodes:
            source = producers.get(node.input[0])
            if node.op_type != "BatchNormalization" or source is None or source.op_type != "Conv":
                kept.append(node)
                continue
            scale, shift, mean, variance = (self.weights.pop(name) for name in node.input[1:5])
            factor = (scale / np.sqrt(variance + EPSILON)).astype(np.float32)
            name = source.input[1]
            self.weights[name] = (self.weights[name] * factor[:, None, None, None]).astype(np.float32)
            bias = name.replace(".weight", ".bias")
            self.weights[bias] = (shift - mean * factor).astype(np.float32)
            source.input.append(bias)
            source.output[0] = node.output[0]
        self.nodes = kept


def convolve(image, weights, stride, padding):
    """A convolution in NumPy: [N,C,H,W] with [O,C,k,k]."""
    outputs, inputs, kernel, _ = weights.shape
    count, _, height, _ = image.shape
    if padding:
        image = np.pad(image, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = (height + 2 * padding - kernel) // stride + 1
    reach = stride * (size - 1) + 1
    result = np.zeros((count, outputs, size * size), np.float32)
    for row in range(kernel):
        for column in range(kernel):
            window = image[:, :, row:row + reach:stride, column:column + reach:stride]
            window = np.ascontiguousarray(window).reshape(count, inputs, size * size)
            result += np.matmul(weights[:, :, row, column], window)
    return result.reshape(count, outputs, size, size)


def random_images(random, count):
    """Smooth images in [-1,1] with about the spectrum of natural ones."""
    noise = random.standard_normal((count, 3, 112, 112), dtype=np.float32)
    spectrum = np.fft.rfft2(noise)
    vertical, horizontal = np.fft.fftfreq(112)[:, None], np.fft.rfftfreq(112)[None]
    spectrum /= np.maximum(np.hypot(vertical, horizontal), 1 / 112)
    images = np.fft.irfft2(spectrum, (112, 112)).astype(np.float32)
    return np.tanh(images / images.std((1, 2, 3), keepdims=True)).astype(np.float32)


def build(depth, seed=0, opset=17, calibration=8, fold=False):
    """The model, its parameters (running statistics not counted) and the multiply-adds of one face."""
    random = np.random.default_rng(seed)
    net = Builder(random)
    value = Value("data", random_images(random, calibration) if calibration else None, 3, 112)
    value = net.prelu(net.batch_norm(net.conv(value, "conv1", 64, 3, 1, 1), "bn1"), "prelu")
    for stage, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS[depth]), 1):
        for block in range(blocks):
            name, stride = f"layer{stage}.{block}", 2 if block == 0 else 1
            shortcut = value
            inner = net.conv(net.batch_norm(value, f"{name}.bn1"), f"{name}.conv1", width, 3, 1, 1)
            inner = net.prelu(net.batch_norm(inner, f"{name}.bn2"), f"{name}.prelu")
            inner = net.batch_norm(net.conv(inner, f"{name}.conv2", width, 3, stride, 1), f"{name}.bn3")
            if block == 0:
                shortcut = net.conv(value, f"{name}.downsample.0", width, 1, stride, 0)
                shortcut = net.batch_norm(shortcut, f"{name}.downsample.1")
            value = net.add(inner, shortcut, f"{name}.add")
    value = net.linear(net.batch_norm(value, "bn2"), "fc", EMBEDDING)
    net.batch_norm(value, "features", unit_scale=True)
    net.nodes[-1].output[0] = "fc1"
    parameters = sum(array.size for name, array in net.weights.items() if "running_" not in name)
    if fold:
        net.fold_batch_norms()

    tensors = [numpy_helper.from_array(array, name) for name, array in net.weights.items()]
    graph = helper.make_graph(
        net.nodes, f"iresnet{depth}", [helper.make_tensor_value_info("data", TensorProto.FLOAT, ["N", 3, 112, 112])],
        [helper.make_tensor_value_info("fc1", TensorProto.FLOAT, ["N", EMBEDDING])], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="make_iresnet")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model, parameters, net.multiply_adds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, choices=BLOCKS, required=True)
    parser.add_argument("--out", required=True, help="the file to write")
    parser.add_argument("--fold", action="store_true", help="fold normalisations behind convolutions into them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--calibration", type=int, default=8,
                        help="random images on which the normalisations are measured; 0 leaves them at mean 0, variance 1")
    options = parser.parse_args()
    model, parameters, multiply_adds = build(options.depth, options.seed, options.opset, options.calibration,
                                             options.fold)
    onnx.save(model, options.out)
    print(f"{options.out}: {parameters / 1e6:.3f} M parameters, {2 * multiply_adds / 1e9:.3f} GFLOP a face")


if __name__ == "__main__":
    main()
