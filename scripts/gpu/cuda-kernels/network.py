"""A whole IResNet through the kernels, folded as the contract describes."""

import torch

import packing
import variants
from choices import choice
from variants import BORDER, FLOAT32_OUTPUT, PRELU, RESIDUAL, Prepared, Shape


def affine(bn):
    """(a, b) of a BatchNorm: y = a·x + b."""
    a = bn.weight / (bn.running_var + bn.eps).sqrt()
    return a, bn.bias - bn.running_mean * a


def border_bias(weight: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """[9][C_OUT]: what the shift `b` of the input adds, by border class, through a 3×3 weight."""
    taps = torch.einsum("kcrs,c->krs", weight, b)
    rows = (slice(1, 3), slice(0, 3), slice(0, 2))
    return torch.stack([taps[:, r, c].sum((1, 2)) for r in rows for c in rows])


class Network:
    """IResNet for one batch size: `launch()` runs uint8 `faces` to float32 `embeddings`."""

    def __init__(self, model, images: int, family: str = "hopper", border: bool = False, options: dict | None = None):
        """`border`: BatchNorms before padded convolutions become border biases everywhere, else shifts if possible."""
        self.images, self.family, self.options = images, family, options or {}
        self.launches: list[Prepared] = []
        self.names: list[str] = []
        self.faces = torch.zeros(images, 112, 112, 3, device="cuda", dtype=torch.uint8)
        self.embeddings = self._tensor(512, dtype=torch.float)
        self.workspace = torch.empty(1 << 24, device="cuda")
        self.counters = torch.zeros(1 << 16, device="cuda", dtype=torch.int32)
        with torch.no_grad():
            self._build(model, border)

    def _tensor(self, *shape, dtype=torch.half):
        return torch.full((self.images, *shape), float("nan"), device="cuda", dtype=dtype)

    def _add(self, name, variant, **operands):
        architecture = "sm_90a" if variant.file.startswith("hopper") else "sm_90"
        self.launches.append(Prepared(
            variant, self.images, workspace=self.workspace, counters=self.counters, architecture=architecture,
            **operands))
        self.names.append(name)

    def _convolution(self, x, weight, bias, stride=1, slope=None, residual=None, shortcut=None, output=None):
        """`shortcut` is (tensor, 1×1 weight). Gives the output tensor, a new one if `output` is none."""
        outputs, inputs, size, _ = weight.shape
        out = x.shape[1] // stride
        bits = (PRELU if slope is not None else 0) | (RESIDUAL if residual is not None else 0)
        bits |= BORDER if bias.dim() == 2 else 0
        if output is None:
            output = self._tensor(out, out, outputs)
        fused = shortcut is not None and self.family == "hopper"
        if shortcut is not None and not fused:
            residual = self._convolution(shortcut[0], shortcut[1], torch.zeros(outputs, device="cuda"), stride)
            bits |= RESIDUAL
        shape = Shape(
            inputs, outputs, out, stride, size, size // 2, shortcut=shortcut[1].shape[1] if fused else 0)
        name = f"{inputs}→{outputs} {out}² stride {stride}"
        if self.family == "hopper":
            option = self.options.get((inputs, outputs, out, stride)) or choice(shape, self.images)
            variant = option.variant(shape, self.images, bits)
            packed = packing.hopper(weight, shortcut[1] if fused else None)
        else:
            variant = variants.portable(shape, self.images, bits)
            packed = packing.convolution(weight)
        self._add(
            name, variant, input=x, weights=packed, bias=bias.float().contiguous(), slope=slope, residual=residual,
            shortcut=shortcut[0] if fused else None, output=output)
        return output

    def _build(self, model, border):
        a, b = affine(model.bn1)
        # The faces are BGR, the model takes RGB; 1/127.5 goes into the weights.
        weight = (model.conv1.weight * a[:, None, None, None]).flip(1) / 127.5
        x = self._tensor(112, 112, 64)
        rows = 1 if self.images == 1 else 2 if self.images <= 8 else 8
        self._add(
            "stem", variants.stem(64, 112, 1, self.images, PRELU, rows), input=self.faces, weights=packing.stem(weight),
            bias=b.contiguous(), slope=model.prelu.weight.detach(), output=x)
        blocks = list(model.blocks)
        inner = None
        # What is stored is the block's input plus this: the stem stores its activation as it is.
        shift = torch.zeros(64, device="cuda")
        for block, following in zip(blocks, [*blocks[1:], None]):
            a1, b1 = affine(block.bn1)
            a2, b2 = affine(block.bn2)
            a3, b3 = affine(block.bn3)
            next_shift = torch.zeros_like(b3)
            if following is not None and not border:
                a_next, b_next = affine(following.bn1)
                next_shift = b_next / a_next
            weight = block.conv1.weight * a2[:, None, None, None]
            left = b1 - a1 * shift
            bias = b2 if left.abs().max() < 1e-6 else b2 + border_bias(weight, left)
            if inner is not None and inner.shape[1:] != (*x.shape[1:3], weight.shape[0]):
                inner = None
            # Two tensors a stage are enough: they stay in the L2 cache. The second convolution works in place.
            inner = y = self._convolution(
                x, weight * a1[None, :, None, None], bias, slope=block.prelu.weight.detach(), output=inner)
            weight = block.conv2.weight * a3[:, None, None, None]
            bias = b3 + next_shift
            if block.downsample is None:
                x = self._convolution(y, weight, bias - shift, residual=x, output=x)
            else:
                a4, b4 = affine(block.downsample[1])
                extra = block.downsample[0].weight * a4[:, None, None, None]
                bias = bias + b4 - extra[:, :, 0, 0] @ shift
                x = self._convolution(y, weight, bias, stride=2, shortcut=(x, extra))
            shift = next_shift
        a, b = affine(model.bn2)
        a5, b5 = affine(model.features)
        weight = model.fc.weight.reshape(512, 512, 49)
        bias = a5 * (model.fc.bias + torch.einsum("kcp,c->k", weight, b)) + b5
        weight = (weight * a[None, :, None] * a5[:, None, None]).permute(0, 2, 1).reshape(512, 25088, 1, 1)
        shape = Shape(25088, 512, 1, 1, 1, 0)
        self._add(
            "fc", variants.portable(shape, self.images, FLOAT32_OUTPUT), input=x, weights=packing.convolution(weight),
            bias=bias.contiguous(), output=self.embeddings)

    def launch(self, dependent: bool = True) -> None:
        for i, prepared in enumerate(self.launches):
            prepared.launch(dependent and i > 0)

    def poison(self) -> None:
        for prepared in self.launches:
            prepared.kept[3].fill_(float("nan"))
