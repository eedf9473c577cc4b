"""Which variant runs which layer at which batch: the table that was measured (docs/performance/cuda-engine.md)."""

from variants import Shape, Split, Streamed

# (input channels, output channels, output side, stride) → {largest batch it is for: choice}
TABLE = {
    (64, 64, 112, 1): {1: Split(1, 14), 256: Streamed(1, 14, 1, 2, 1, 9, 2, 1, 1)},
    (64, 64, 56, 2): {1: Split(1, 7), 256: Streamed(2, 15, 1, 1, 1, 10, 1, 1)},
    (64, 64, 56, 1): {
        1: Split(1, 7), 8: Split(2, 15, 1, 2), 32: Streamed(2, 15, 1, 1, 1, 9, 3, 1), 256: Streamed(1, 7, 1, 4, 1, 9, 2, 1, 1)},
    (64, 128, 56, 1): {1: Split(1, 7), 256: Streamed(4, 29, 2, 1, 1, 4, 2)},
    (128, 128, 28, 2): {1: Split(1, 4, splits=2), 256: Streamed(4, 15, 1, 1, 1, 5, 2)},
    (128, 128, 28, 1): {
        1: Split(1, 4), 8: Streamed(4, 15, 1, 1, 1, 12, 2), 32: Streamed(7, 26, 2, 1, 1, 4, 2),
        256: Streamed(7, 26, 2, 1, 1, 6, 2)},
    (128, 256, 28, 1): {1: Split(2, 8), 256: Streamed(7, 26, 2, 1, 1, 6, 2)},
    (256, 256, 14, 2): {
        1: Split(2, 4, splits=4), 8: Streamed(5, 10, 1, 1, 1, 10, 2), 256: Streamed(7, 13, 2, 1, 1, 4, 2)},
    (256, 256, 14, 1): {
        1: Split(2, 4, splits=2), 8: Streamed(5, 10, 1, 1, 1, 16, 2), 32: Streamed(7, 13, 2, 1, 1, 4, 2),
        256: Streamed(7, 13, 2, 1, 2, 6, 2, 0, 1)},
    (256, 512, 14, 1): {1: Split(7, 13, splits=4), 32: Streamed(7, 13, 2, 1, 1, 6, 2), 256: Streamed(7, 13, 2, 1, 2, 6, 2, 0, 1)},
    (512, 512, 7, 2): {
        1: Split(4, 4, splits=8), 8: Streamed(7, 7, 1, 1, 1, 12, 2), 256: Streamed(7, 7, 2, 1, 1, 6, 2)},
    (512, 512, 7, 1): {
        1: Split(7, 7, splits=8), 8: Streamed(7, 7, 1, 1, 1, 20, 2), 32: Streamed(7, 7, 2, 1, 1, 8, 2),
        256: Streamed(7, 7, 2, 1, 2, 8, 2)},
}


def choice(shape: Shape, images: int):
    by_batch = TABLE[(shape.inputs, shape.outputs, shape.out, shape.stride)]
    return by_batch[min((b for b in by_batch if b >= images), default=max(by_batch))]
