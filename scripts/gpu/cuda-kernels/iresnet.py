"""IResNet in PyTorch with random parameters, every one distinct and every BatchNorm doing something."""

import torch
from torch import nn

DEPTHS = {18: (2, 2, 2, 2), 50: (3, 4, 14, 3), 100: (3, 13, 30, 3)}


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.prelu = nn.PReLU(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, stride, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn3(self.conv2(self.prelu(self.bn2(self.conv1(self.bn1(x))))))
        return y + (x if self.downsample is None else self.downsample(x))


class IResNet(nn.Module):
    """Takes float faces, already normalised, [N, 3, 112, 112]."""

    def __init__(self, depth: int):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.prelu = nn.PReLU(64)
        blocks, inputs = [], 64
        for outputs, count in zip((64, 128, 256, 512), DEPTHS[depth]):
            for i in range(count):
                blocks.append(Block(inputs, outputs, 2 if i == 0 else 1))
                inputs = outputs
        self.blocks = nn.ModuleList(blocks)
        self.bn2 = nn.BatchNorm2d(512)
        self.fc = nn.Linear(512 * 49, 512)
        self.features = nn.BatchNorm1d(512)

    def forward(self, x):
        x = self.prelu(self.bn1(self.conv1(x)))
        for block in self.blocks:
            x = block(x)
        return self.features(self.fc(self.bn2(x).flatten(1)))


@torch.no_grad()
def random_network(depth: int, seed: int) -> IResNet:
    """Random parameters; the BatchNorms' statistics are those of random faces, so the activations keep their size."""
    torch.manual_seed(seed)
    network = IResNet(depth).cuda()
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            fan = module.weight[0].numel()
            module.weight.normal_(0, (2 / fan) ** 0.5)
        elif isinstance(module, (nn.BatchNorm2d, nn.BatchNorm1d)):
            module.weight.uniform_(0.5, 1.5)
            module.bias.normal_(0, 0.3)
            module.momentum = 1.0
        elif isinstance(module, nn.PReLU):
            module.weight.uniform_(-0.1, 0.5)
    for block in network.blocks:
        block.bn3.weight.mul_(0.4)
    network.fc.bias.normal_(0, 0.1)
    network.train()
    network((torch.randint(0, 256, (64, 3, 112, 112), device="cuda").float() - 127.5) / 127.5)
    return network.eval()
