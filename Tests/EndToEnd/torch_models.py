"""Exports a small IResNet from PyTorch in the ways that people do; run by a Python with torch: torch_models.py FOLDER.

Writes NAME.onnx for each of EXPORTS. Imported without torch it only tells their names.
"""
import itertools
import sys

OPSETS = (11, 17)
WAYS = {
    "fixed": {},
    "dynamic": {"dynamic_axes": {"data": {0: "batch"}, "out": {0: "batch"}}},
    "unfolded": {"do_constant_folding": False, "keep_initializers_as_inputs": True,
                 "dynamic_axes": {"data": {0: "batch"}, "out": {0: "batch"}}},
}
ROWS = ("flatten", "view")
EXPORTS = [f"{rows}-{way}-opset{opset}" for rows, way, opset in itertools.product(ROWS, WAYS, OPSETS)]


def export(folder):
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.body = nn.Sequential(
                nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs),
                nn.PReLU(outputs), nn.Conv2d(outputs, outputs, 3, 2, 1, bias=False), nn.BatchNorm2d(outputs))
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, 2, bias=False), nn.BatchNorm2d(outputs))

        def forward(self, value):
            return self.body(value) + self.shortcut(value)

    class Network(nn.Module):
        def __init__(self, rows):
            super().__init__()
            self.rows = rows
            self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.PReLU(16))
            self.blocks = nn.Sequential(Block(16, 16), Block(16, 32), Block(32, 32), Block(32, 32))
            self.normalization, self.dropout = nn.BatchNorm2d(32), nn.Dropout(0.4)
            self.fc, self.features = nn.Linear(32 * 49, 64), nn.BatchNorm1d(64)

        def forward(self, value):
            value = self.dropout(self.normalization(self.blocks(self.stem(value))))
            value = torch.flatten(value, 1) if self.rows == "flatten" else value.view(value.size(0), -1)
            return self.features(self.fc(value))

    torch.manual_seed(1)
    for rows in ROWS:
        network = Network(rows)
        with torch.no_grad():
            for module in network.modules():
                if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                    module.weight.uniform_(0.5, 1.5)
                    module.bias.normal_(0, 0.2)
                    module.running_mean.normal_(0, 0.2)
                    module.running_var.uniform_(0.5, 1.5)
                if isinstance(module, nn.PReLU):
                    module.weight.uniform_(0, 0.5)
        network.eval()
        for way, opset in itertools.product(WAYS, OPSETS):
            torch.onnx.export(network, torch.randn(1, 3, 112, 112), f"{folder}/{rows}-{way}-opset{opset}.onnx",
                              opset_version=opset, input_names=["data"], output_names=["out"], **WAYS[way])


if __name__ == "__main__":
    export(sys.argv[1])
