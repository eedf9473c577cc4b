"""Kernels with their macros and launch geometry, by the formulas of CONTRACT.md; and how each is launched."""

import functools
import struct
from dataclasses import dataclass, field

PRELU, RESIDUAL, BORDER, FLOAT32_OUTPUT = 1, 2, 4, 8
MULTIPROCESSORS = 132


def divide_up(a: int, b: int) -> int:
    return (a + b - 1) // b


def round_up(a: int, b: int) -> int:
    return divide_up(a, b) * b


@dataclass(frozen=True)
class Shape:
    """A convolution over square images: `out` is the output's side."""

    inputs: int
    outputs: int
    out: int
    stride: int = 1
    size: int = 3
    padding: int = 1
    shortcut: int = 0
    side: int = 0

    @property
    def into(self) -> int:
        return self.side or self.out * self.stride

    def operations(self, images: int) -> int:
        return 2 * images * self.out**2 * self.outputs * (self.inputs * self.size**2 + self.shortcut)


@dataclass(frozen=True)
class Variant:
    """A kernel to compile, and the launch of it for a number of images."""

    file: str
    macros: tuple
    block: int
    shared: int
    grid: tuple
    cluster: int = 1
    workspace: int = 0
    counters: int = 0
    label: str = ""
    boxes: dict = field(default_factory=dict, compare=False, hash=False)

    @property
    def entry(self) -> str:
        return self.file.removesuffix(".cu")


@functools.lru_cache(None)
def kernel(variant_file: str, macros: tuple, shared: int, architecture: str):
    import driver
    import nvrtc

    compiled = nvrtc.compile_kernel(variant_file, dict(macros), architecture)
    return driver.Kernel(compiled.image, variant_file.removesuffix(".cu"), shared)


# The final product: its time is that of reading the weights. (largest batch, tile, splits)
FINAL_PRODUCT = ((16, (16, 64, 1, 4, 9), 32), (64, (32, 64, 2, 2, 8), 16), (1 << 30, (64, 64, 2, 2, 6), 8))


def portable_tile(pixels: int, channels: int, architecture: str) -> tuple:
    """(TILE_PIXELS, TILE_CHANNELS, WARPS_PIXELS, WARPS_CHANNELS, STAGES) by the contract's table."""

    def blocks(tile_pixels, tile_channels):
        return divide_up(pixels, tile_pixels) * divide_up(channels, tile_channels)

    small_shared = architecture in ("sm_86", "sm_89", "sm_120")
    if pixels <= 16:
        return (16, 64, 1, 4, 6)
    if channels <= 32:
        return (128, 32, 4, 1, 4)
    if (channels <= 64 or channels % 128) and blocks(128, 64) >= MULTIPROCESSORS:
        return (128, 64, 4, 2, 3)
    if channels % 128 == 0 and blocks(128, 128) >= MULTIPROCESSORS:
        return (128, 128, 4, 2, 2 if small_shared else 3)
    if blocks(64, 64) >= MULTIPROCESSORS // 2:
        return (64, 64, 2, 2, 4)
    return (32, 64, 2, 2, 4)


def portable(shape: Shape, images: int, epilogue: int, tile=None, splits=None, architecture="sm_90") -> Variant:
    pixels = images * shape.out**2
    if tile is None and shape.inputs * shape.size**2 >= 8192:
        tile, splits = next((t, s) for batch, t, s in FINAL_PRODUCT if pixels <= batch)
    tile_pixels, tile_channels, warps_pixels, warps_channels, stages = tile or portable_tile(
        pixels, shape.outputs, architecture)
    grid = (divide_up(pixels, tile_pixels), divide_up(shape.outputs, tile_channels))
    steps = divide_up(shape.size**2 * shape.inputs, 64)
    if splits is None:
        splits = max(1, min(round(MULTIPROCESSORS / (grid[0] * grid[1])), 16, steps // 4))
    macros = dict(
        SIZE=shape.size, STRIDE=shape.stride, PADDING=shape.padding, IN_HEIGHT=shape.into, IN_WIDTH=shape.into,
        OUT_HEIGHT=shape.out, OUT_WIDTH=shape.out, C_IN=shape.inputs, C_OUT=shape.outputs, TILE_PIXELS=tile_pixels,
        TILE_CHANNELS=tile_channels, WARPS_PIXELS=warps_pixels, WARPS_CHANNELS=warps_channels, STAGES=stages,
        SPLITS=splits, EPILOGUE=epilogue)
    shared = max(stages * (tile_pixels + tile_channels) * 128, tile_pixels * (tile_channels * 4 + 16))
    tiles = grid[0] * grid[1] if splits > 1 else 0
    return Variant(
        "convolution.cu", tuple(macros.items()), 32 * warps_pixels * warps_channels, shared, (*grid, splits),
        workspace=tiles * splits * tile_pixels * tile_channels, counters=tiles,
        label=f"portable {tile_pixels}x{tile_channels} splits {splits}")


def stem(outputs: int, side: int, stride: int, images: int, epilogue: int, rows: int, means=("127.5f",) * 3) -> Variant:
    out = divide_up(side, stride)
    macros = dict(
        C_OUT=outputs, OUT_HEIGHT=out, OUT_WIDTH=out, IN_HEIGHT=side, IN_WIDTH=side, STRIDE=stride, TILE_ROWS=rows,
        MEAN_B=means[0], MEAN_G=means[1], MEAN_R=means[2], EPILOGUE=epilogue)
    return Variant(
        "stem.cu", tuple(macros.items()), 256, 0, (divide_up(out, rows), images, 1), label=f"stem {rows} rows")


def exact_tile(pixels: int, channels: int) -> tuple:
    """(TILE_PIXELS, TILE_CHANNELS) of `exact_convolution` by the contract's table."""

    def blocks(tile_pixels, tile_channels):
        return divide_up(pixels, tile_pixels) * divide_up(channels, tile_channels)

    if channels % 128 == 0 and blocks(128, 128) >= MULTIPROCESSORS:
        return (128, 128)
    if blocks(128, 64) >= MULTIPROCESSORS:
        return (128, 64)
    return (64, 64) if blocks(64, 64) >= MULTIPROCESSORS else (32, 32)


def exact(shape: Shape, images: int, epilogue: int, tile=None, mean=None) -> Variant:
    """float32 throughout; with a `mean` the input is uint8 faces."""
    pixels = images * shape.out**2
    tile_pixels, tile_channels = tile or exact_tile(pixels, shape.outputs)
    splits = 16 if shape.inputs * shape.size**2 >= 8192 else 1
    grid = (divide_up(pixels, tile_pixels), divide_up(shape.outputs, tile_channels), splits)
    macros = dict(
        SIZE=shape.size, STRIDE=shape.stride, PADDING=shape.padding, IN_HEIGHT=shape.into, IN_WIDTH=shape.into,
        OUT_HEIGHT=shape.out, OUT_WIDTH=shape.out, C_IN=shape.inputs, C_OUT=shape.outputs, TILE_PIXELS=tile_pixels,
        TILE_CHANNELS=tile_channels, SPLITS=splits, FACES=int(mean is not None), MEAN=f"{float(mean or 0)}f",
        EPILOGUE=epilogue)
    tiles = grid[0] * grid[1] if splits > 1 else 0
    return Variant(
        "exact_convolution.cu", tuple(macros.items()), 256, 0, grid,
        workspace=tiles * splits * tile_pixels * tile_channels, counters=tiles,
        label=f"exact {tile_pixels}x{tile_channels} splits {splits}")


def depthwise(shape: Shape, images: int, epilogue: int, element_bytes: int = 2) -> Variant:
    macros = dict(
        SIZE=shape.size, STRIDE=shape.stride, PADDING=shape.padding, IN_HEIGHT=shape.into, IN_WIDTH=shape.into,
        OUT_HEIGHT=shape.out, OUT_WIDTH=shape.out, CHANNELS=shape.outputs, ELEMENT_BYTES=element_bytes,
        EPILOGUE=epilogue)
    return Variant(
        "depthwise.cu", tuple(macros.items()), 256, 0,
        (divide_up(images * shape.out**2 * shape.outputs // 8, 256), 1, 1), label="depthwise")


def elementwise(pixels: int, channels: int, images: int, epilogue: int, element_bytes: int = 2) -> Variant:
    macros = dict(PIXELS=pixels, CHANNELS=channels, ELEMENT_BYTES=element_bytes, EPILOGUE=epilogue)
    return Variant(
        "elementwise.cu", tuple(macros.items()), 256, 0,
        (divide_up(images * pixels * channels // 8, 256), 1, 1), label="elementwise")


def _hopper_boxes(shape: Shape, rows: int, input_rows: int) -> dict:
    pitch, stride = shape.out + 1, shape.stride
    strides = (1, stride, stride, 1)
    return dict(
        input=((64, stride * pitch, stride * input_rows, 1), strides), output=((64, pitch, rows, 1), (1, 1, 1, 1)),
        shortcut=((64, 2 * pitch, 2 * rows, 1), (1, 2, 2, 1)))


@dataclass(frozen=True)
class Streamed:
    """The choices of `hopper_convolution`."""

    rows: int
    octets: int
    groups_channels: int = 1
    groups_pixels: int = 1
    subtiles: int = 1
    weight_stages: int = 4
    input_stages: int = 2
    resident: int = 0
    joined: int = 0
    floor: int = 118784

    def variant(self, shape: Shape, images: int, epilogue: int) -> Variant:
        pitch, tiles, columns = shape.out + 1, self.groups_pixels * self.subtiles, 8 * self.octets
        per_image = divide_up(shape.out, self.rows)
        phases = 4 if shape.stride == 2 else 1
        box_rows = self.rows + 1 if shape.stride == 2 else (tiles * self.rows if self.joined else self.rows) + 2
        reach = ((tiles - 1) * self.rows * pitch if self.joined else 0) + columns
        reach += 2 * pitch + 2 if shape.stride == 1 else pitch + 1
        boxes = (1 if self.joined else tiles) * phases
        weights = self.weight_stages * self.groups_channels * 8192
        inputs = self.input_stages * boxes * round_up(128 * max(box_rows * pitch, reach), 1024)
        staged = self.groups_channels * tiles * round_up(128 * max(self.rows * pitch, columns), 1024)
        shared = max(self.floor, weights + inputs + staged + 2048)
        items = divide_up(images * per_image, tiles) * shape.outputs // (64 * self.groups_channels)
        macros = dict(
            C_IN=shape.inputs, C_OUT=shape.outputs, C_SHORTCUT=shape.shortcut, OUT_HEIGHT=shape.out,
            OUT_WIDTH=shape.out, STRIDE=shape.stride, TILE_ROWS=self.rows, OCTETS=self.octets,
            GROUPS_CHANNELS=self.groups_channels, GROUPS_PIXELS=self.groups_pixels, SUBTILES=self.subtiles,
            WEIGHT_STAGES=self.weight_stages, INPUT_STAGES=self.input_stages, RESIDENT=self.resident,
            JOINED=self.joined, EPILOGUE=epilogue, SHARED_BYTES=shared)
        label = (f"{'' if self.floor else 'small '}streamed rows {self.rows} octets {self.octets} groups "
                 f"{self.groups_channels}x{self.groups_pixels}x{self.subtiles} "
                 f"stages {self.weight_stages}/{self.input_stages} "
                 f"{'resident ' * self.resident}{'joined' * self.joined}")
        return Variant(
            "hopper_convolution.cu", tuple(macros.items()), 128 * self.groups_channels * self.groups_pixels + 64,
            shared, (min(items, MULTIPROCESSORS * (2 if shared <= 115712 else 1)), 1, 1), label=label,
            boxes=_hopper_boxes(shape, self.rows, box_rows))


@dataclass(frozen=True)
class Split:
    """The choices of `hopper_split`."""

    rows: int
    octets: int
    groups_channels: int = 1
    groups_pixels: int = 1
    subtiles: int = 1
    splits: int = 1
    floor: int = 118784

    def variant(self, shape: Shape, images: int, epilogue: int) -> Variant:
        pitch, tiles, columns = shape.out + 1, self.groups_pixels * self.subtiles, 8 * self.octets
        groups = self.groups_channels * self.groups_pixels
        phases = 4 if shape.stride == 2 else 1
        box_rows = self.rows + (1 if shape.stride == 2 else 2)
        reach = columns + (2 * pitch + 2 if shape.stride == 1 else pitch + 1)
        buffer = round_up(128 * max(box_rows * pitch, reach), 1024)
        input_chunks = shape.inputs // 64
        steps = 9 * input_chunks + shape.shortcut // 64

        def chunk(step):
            return step // 9 if step < 9 * input_chunks else step - 8 * input_chunks

        firsts = [rank * steps // self.splits for rank in range(self.splits + 1)]
        own_chunks = max(chunk(b - 1) - chunk(a) + 1 for a, b in zip(firsts, firsts[1:]))
        share = divide_up(self.subtiles * self.octets, self.splits)
        shared = divide_up(steps, self.splits) * self.groups_channels * 8192 + own_chunks * tiles * phases * buffer
        shared += self.splits * share * groups * 2048 if self.splits > 1 else 0
        shared = max(self.floor, round_up(shared + groups * share * 1024, 1024) + 2048)
        macros = dict(
            C_IN=shape.inputs, C_OUT=shape.outputs, C_SHORTCUT=shape.shortcut, OUT_HEIGHT=shape.out,
            OUT_WIDTH=shape.out, STRIDE=shape.stride, TILE_ROWS=self.rows, OCTETS=self.octets,
            GROUPS_CHANNELS=self.groups_channels, GROUPS_PIXELS=self.groups_pixels, SUBTILES=self.subtiles,
            SPLITS=self.splits, EPILOGUE=epilogue, SHARED_BYTES=shared)
        runs = divide_up(images * divide_up(shape.out, self.rows), tiles)
        label = (f"{'' if self.floor else 'small '}split rows {self.rows} octets {self.octets} groups "
                 f"{self.groups_channels}x{self.groups_pixels}x{self.subtiles} splits {self.splits}")
        return Variant(
            "hopper_split.cu", tuple(macros.items()), 128 * groups + 32, shared,
            (runs * shape.outputs // (64 * self.groups_channels) * self.splits, 1, 1), cluster=self.splits, label=label,
            boxes=_hopper_boxes(shape, self.rows, box_rows))


class Prepared:
    """A variant with its operands: `launch()` runs it on the current stream."""

    def __init__(self, variant: Variant, images: int, *, input, weights, bias, output, slope=None, residual=None,
                 shortcut=None, workspace=None, counters=None, architecture="sm_90a"):
        self.variant = variant
        self.kernel = kernel(variant.file, variant.macros, variant.shared, architecture)
        self.kept = (input, weights, bias, output, slope, residual, shortcut, workspace, counters)

        def address(tensor):
            return tensor.data_ptr() if tensor is not None else 0

        if variant.boxes:
            import driver

            maps = driver.tensor_map(input, *variant.boxes["input"])
            maps += driver.tensor_map(output, *variant.boxes["output"])
            maps += driver.tensor_map(residual if residual is not None else output, *variant.boxes["output"])
            maps += driver.tensor_map(shortcut, *variant.boxes["shortcut"]) if shortcut is not None else maps[:128]
            pointers = (address(t) for t in (weights, bias, slope, output, residual))
            self.argument = (maps + struct.pack("<5Qi", *pointers, images)).ljust(576, b"\0")
        else:
            pointers = (address(t) for t in (input, weights, bias, slope, residual, output, workspace, counters))
            self.argument = struct.pack("<8Qii", *pointers, images, 0)

    def launch(self, dependent: bool = True) -> None:
        v = self.variant
        self.kernel.launch(v.grid, v.block, v.shared, self.argument, v.cluster, dependent)
