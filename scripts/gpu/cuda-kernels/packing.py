"""The packed weights of CONTRACT.md, from PyTorch's [C_OUT, C_IN, R, S]."""

import torch


def convolution(weight: torch.Tensor, kind=torch.half) -> torch.Tensor:
    """[C_OUT][depth], depth = (row, column, channel), padded to a multiple of 64."""
    rows = weight.permute(0, 2, 3, 1).reshape(weight.shape[0], -1)
    depth = (rows.shape[1] + 63) // 64 * 64
    return torch.nn.functional.pad(rows, (0, depth - rows.shape[1])).to(kind).contiguous()


def stem(weight: torch.Tensor, kind=torch.half) -> torch.Tensor:
    """[C_OUT][32], k = (row, column, BGR channel)."""
    rows = weight.permute(0, 2, 3, 1).reshape(weight.shape[0], 27)
    return torch.nn.functional.pad(rows, (0, 5)).to(kind).contiguous()


def depthwise(weight: torch.Tensor, kind=torch.half) -> torch.Tensor:
    """[tap][C] of a weight [C, 1, R, S]."""
    return weight.permute(2, 3, 1, 0).reshape(-1, weight.shape[0]).to(kind).contiguous()


def hopper(weight: torch.Tensor, shortcut: torch.Tensor | None = None) -> torch.Tensor:
    """Swizzled blocks [step][C_OUT/64][64 × 64]: nine taps a chunk of 64 input channels, then the shortcut's chunks."""
    outputs, inputs = weight.shape[:2]
    # [chunk, tap, block, row, column]
    steps = weight.reshape(outputs // 64, 64, inputs // 64, 64, 9).permute(2, 4, 0, 1, 3)
    steps = steps.reshape(-1, outputs // 64, 64, 64)
    if shortcut is not None:
        extra = shortcut.reshape(outputs // 64, 64, shortcut.shape[1] // 64, 64).permute(2, 0, 1, 3)
        steps = torch.cat([steps, extra])
    pieces = steps.half().reshape(*steps.shape[:3], 8, 8)
    row = torch.arange(64, device=weight.device)[:, None]
    place = torch.arange(8, device=weight.device)[None, :] ^ (row & 7)
    # Piece `place` of a row holds piece `place ^ (row & 7)`: xor is its own inverse.
    return pieces[:, :, row, place].contiguous()
