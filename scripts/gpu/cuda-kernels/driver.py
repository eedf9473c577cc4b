"""The calls of NVIDIA's driver that launching a kernel needs, in the context and on the stream that PyTorch uses."""

import ctypes
import functools

import torch

CLUSTER_DIMENSION, PROGRAMMATIC_SERIALISATION = 4, 6
MAX_DYNAMIC_SHARED = 8
FLOAT16, SWIZZLE_128B, L2_PROMOTION_256B = 6, 3, 3


class DriverError(Exception):
    """A call failed; the text names it and gives the driver's own words."""


class _Attribute(ctypes.Structure):
    _fields_ = [("id", ctypes.c_int), ("padding", ctypes.c_int), ("value", ctypes.c_uint * 16)]


class _Configuration(ctypes.Structure):
    _fields_ = [
        ("grid", ctypes.c_uint * 3),
        ("block", ctypes.c_uint * 3),
        ("shared", ctypes.c_uint),
        ("stream", ctypes.c_void_p),
        ("attributes", ctypes.POINTER(_Attribute)),
        ("count", ctypes.c_uint),
    ]


@functools.cache
def library() -> ctypes.CDLL:
    torch.cuda.init()
    torch.zeros(1, device="cuda")
    return ctypes.CDLL("libcuda.so.1")


def call(name: str, *arguments) -> None:
    status = getattr(library(), name)(*arguments)
    if status:
        text = ctypes.c_char_p()
        library().cuGetErrorString(status, ctypes.byref(text))
        raise DriverError(f"{name}: {(text.value or b'?').decode()} ({status})")


class Kernel:
    """A function of a cubin, ready for its dynamic shared memory."""

    def __init__(self, image: bytes, entry: str, shared: int):
        self.module, self.function = ctypes.c_void_p(), ctypes.c_void_p()
        call("cuModuleLoadData", ctypes.byref(self.module), image)
        call("cuModuleGetFunction", ctypes.byref(self.function), self.module, entry.encode())
        if shared > 40 * 1024:
            call("cuFuncSetAttribute", self.function, MAX_DYNAMIC_SHARED, shared)

    def launch(self, grid, block: int, shared: int, argument: bytes, cluster: int = 1, dependent: bool = True) -> None:
        """Launches on PyTorch's current stream. `dependent`: may start before the kernel ahead of it has ended."""
        attributes = (_Attribute * 2)()
        count = 0
        if cluster > 1:
            attributes[count].id = CLUSTER_DIMENSION
            attributes[count].value[0:3] = [cluster, 1, 1]
            count += 1
        if dependent:
            attributes[count].id = PROGRAMMATIC_SERIALISATION
            attributes[count].value[0] = 1
            count += 1
        configuration = _Configuration(
            (ctypes.c_uint * 3)(*grid), (ctypes.c_uint * 3)(block, 1, 1), shared,
            torch.cuda.current_stream().cuda_stream, attributes, count)
        # The driver copies the argument; tensor maps in it want an address that is a multiple of 64.
        memory = ctypes.create_string_buffer(len(argument) + 64)
        address = (ctypes.addressof(memory) + 63) // 64 * 64
        ctypes.memmove(address, argument, len(argument))
        parameters = (ctypes.c_void_p * 1)(address)
        call("cuLaunchKernelEx", ctypes.byref(configuration), self.function, parameters, None)


def tensor_map(tensor: torch.Tensor, box, element_strides=(1, 1, 1, 1)) -> bytes:
    """A map of a contiguous float16 tensor [images, height, width, channels]."""
    images, height, width, channels = tensor.shape
    memory = ctypes.create_string_buffer(192)
    address = (ctypes.addressof(memory) + 63) // 64 * 64
    call(
        "cuTensorMapEncodeTiled", ctypes.c_void_p(address), FLOAT16, 4, ctypes.c_void_p(tensor.data_ptr()),
        (ctypes.c_uint64 * 4)(channels, width, height, images),
        (ctypes.c_uint64 * 3)(2 * channels, 2 * channels * width, 2 * channels * width * height),
        (ctypes.c_uint32 * 4)(*box), (ctypes.c_uint32 * 4)(*element_strides), 0, SWIZZLE_128B, L2_PROMOTION_256B, 0)
    return ctypes.string_at(address, 128)
