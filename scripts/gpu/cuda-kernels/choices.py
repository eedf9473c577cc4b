"""Which variant runs which layer at which batch: `hopper_tiles.tsv`, which the engine's compiler reads too."""

import csv

from nvrtc import KERNELS
from variants import Shape, Split, Streamed


def _read_table() -> dict:
    """(input channels, output channels, output side, stride) → {largest batch it is for: choice}."""
    table: dict = {}
    lines = [line for line in (KERNELS / "hopper_tiles.tsv").read_text().splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines, delimiter="\t"):
        key = tuple(int(row.pop(name)) for name in ("inputs", "outputs", "side", "stride"))
        batch, kind = int(row.pop("batch")), {"streamed": Streamed, "split": Split}[row.pop("kernel")]
        table.setdefault(key, {})[batch] = kind(**{name: int(value) for name, value in row.items() if value != "-"})
    return table


TABLE = _read_table()

# What else is worth trying where a GPU is there to measure on.
ALTERNATIVES = {
    1: {
        (128, 128, 28, 2): [Split(2, 8, splits=4)],
        (256, 256, 14, 1): [Split(2, 4, splits=2), Split(7, 13, splits=8)],
    },
    8: {
        (64, 64, 56, 1): [Streamed(4, 29, 1, 1, 1, 9, 2, 1)],
        (64, 128, 56, 1): [Streamed(2, 15, 1, 1, 1, 9, 3)],
        (128, 128, 28, 1): [
            Streamed(4, 15, 1, 1, 1, 6, 1, floor=0), Streamed(4, 15, 1, 1, 1, 4, 2, floor=0), Split(4, 15)],
        (128, 256, 28, 1): [Streamed(4, 15, 1, 1, 1, 12, 2), Streamed(7, 26, 1, 1, 1, 4, 1, floor=0)],
        (256, 256, 14, 1): [
            Streamed(5, 10, 1, 1, 1, 6, 2, floor=0), Streamed(4, 8, 1, 1, 1, 8, 2, floor=0),
            Streamed(5, 10, 1, 1, 1, 16, 2)],
    },
    32: {
        (128, 128, 28, 1): [
            Streamed(7, 26, 1, 1, 1, 4, 1, floor=0), Streamed(4, 15, 1, 1, 1, 4, 2, floor=0),
            Streamed(7, 26, 2, 1, 1, 6, 2)],
        (128, 256, 28, 1): [Streamed(7, 26, 1, 1, 1, 4, 1, floor=0)],
        (256, 256, 14, 1): [
            Streamed(7, 13, 1, 1, 1, 6, 2, floor=0), Streamed(7, 13, 2, 1, 1, 4, 1, floor=0),
            Streamed(7, 13, 1, 1, 1, 8, 1, floor=0)],
        (256, 512, 14, 1): [Streamed(7, 13, 1, 1, 1, 6, 2, floor=0)],
        (512, 512, 7, 1): [Streamed(7, 7, 1, 2, 1, 6, 2, floor=0), Streamed(7, 7, 1, 1, 1, 10, 1, floor=0)],
    },
    256: {
        (128, 128, 28, 1): [Streamed(7, 26, 1, 1, 1, 4, 1, floor=0)],
        (128, 128, 28, 2): [Streamed(4, 15, 2, 1, 1, 7, 1)],
        (256, 256, 14, 1): [
            Streamed(7, 13, 2, 1, 2, 4, 2, 0, 1), Streamed(7, 13, 1, 1, 1, 6, 2, floor=0)],
        (512, 512, 7, 1): [Streamed(7, 7, 2, 2, 2, 5, 2), Streamed(7, 7, 1, 1, 1, 8, 2, floor=0)],
        (512, 512, 7, 2): [Streamed(7, 7, 1, 2, 1, 6, 2)],
    },
}


def choice(shape: Shape, images: int):
    """The table's choice."""
    by_batch = TABLE[(shape.inputs, shape.outputs, shape.out, shape.stride)]
    return by_batch[min((b for b in by_batch if b >= images), default=max(by_batch))]


def alternatives(shape: Shape, images: int) -> list:
    """The table's choice and what else to try."""
    others = ALTERNATIVES.get(images, {}).get((shape.inputs, shape.outputs, shape.out, shape.stride), [])
    return [choice(shape, images), *others]
