"""The published architectures, as their checkpoints name them: IResNet and MobileFaceNet, 112×112 RGB in.

Written from the papers and from the names and shapes in public checkpoints (Deng et al. 2019, Chen et al. 2018).
"""
import torch
from torch import nn

BLOCKS = {"r18": (2, 2, 2, 2), "r34": (3, 4, 6, 3), "r50": (3, 4, 14, 3), "r100": (3, 13, 30, 3),
          "r200": (6, 26, 60, 6)}
ARCHITECTURES = (*BLOCKS, "mbf")


def make(architecture, width):
    """An untrained network that gives `width` numbers a face."""
    return MobileFaceNet(width) if architecture == "mbf" else IResNet(BLOCKS[architecture], width)


def conv(inputs, outputs, kernel, stride=1, groups=1):
    """A convolution that keeps the size up to its stride, except one of 7×7, which takes all of its image."""
    padding = 1 if kernel == 3 else 0
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)


class IResNetBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, outputs, 3)
        self.bn2, self.prelu = nn.BatchNorm2d(outputs), nn.PReLU(outputs)
        self.conv2, self.bn3 = conv(outputs, outputs, 3, stride), nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, value):
        residual = self.prelu(self.bn2(self.conv1(self.bn1(value))))
        residual = self.bn3(self.conv2(residual))
        return residual + (value if self.downsample is None else self.downsample(value))


class IResNet(nn.Module):
    def __init__(self, blocks, width):
        super().__init__()
        self.conv1, self.bn1, self.prelu = conv(3, 64, 3), nn.BatchNorm2d(64), nn.PReLU(64)
        inputs = 64
        for number, (outputs, count) in enumerate(zip((64, 128, 256, 512), blocks), 1):
            stage = [IResNetBlock(inputs, outputs, 2)] + [IResNetBlock(outputs, outputs, 1) for _ in range(count - 1)]
            setattr(self, f"layer{number}", nn.Sequential(*stage))
            inputs = outputs
        self.bn2, self.dropout = nn.BatchNorm2d(512), nn.Dropout()
        self.fc, self.features = nn.Linear(512 * 7 * 7, width), nn.BatchNorm1d(width)

    def forward(self, value):
        value = self.prelu(self.bn1(self.conv1(value)))
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            value = stage(value)
        value = self.dropout(torch.flatten(self.bn2(value), 1))
        return self.features(self.fc(value))


class Layers(nn.Module):
    """Layers one after another, under the name that checkpoints have for them."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, value):
        return self.layers(value)


class Shortcut(Layers):
    def forward(self, value):
        return value + self.layers(value)


def activated(inputs, outputs, kernel, stride=1, groups=1):
    return Layers(conv(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs), nn.PReLU(outputs))


def linear(inputs, outputs, kernel, groups=1):
    return Layers(conv(inputs, outputs, kernel, groups=groups), nn.BatchNorm2d(outputs))


def bottleneck(inputs, inner, outputs, stride=1, kind=Layers):
    """Expands by 1×1, filters each channel by 3×3, shrinks by 1×1."""
    return kind(activated(inputs, inner, 1), activated(inner, inner, 3, stride, groups=inner), linear(inner, outputs, 1))


def residuals(channels, inner, count):
    return Layers(*(bottleneck(channels, inner, channels, kind=Shortcut) for _ in range(count)))


class MobileFaceNet(nn.Module):
    """As InsightFace trains it: twice the channels of the paper."""

    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList([
            activated(3, 128, 3, 2), activated(128, 128, 3, groups=64),
            bottleneck(128, 128, 128, 2), residuals(128, 128, 4),
            bottleneck(128, 256, 256, 2), residuals(256, 256, 6),
            bottleneck(256, 512, 256, 2), residuals(256, 256, 2)])
        self.conv_sep = activated(256, 512, 1)
        self.features = Layers(linear(512, 512, 7, groups=512), nn.Flatten(), nn.Linear(512, width, bias=False),
                               nn.BatchNorm1d(width))

    def forward(self, value):
        for layer in self.layers:
            value = layer(value)
        return self.features(self.conv_sep(value))
