"""Compiles the kernels with NVRTC, as the engine does: no toolkit header, a program for each variant. Needs no GPU."""

import ctypes
import functools
import glob
import hashlib
import multiprocessing
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

KERNELS = Path(os.environ.get("KERNELS", Path(__file__).resolve().parents[3] / "Sources/CUDAEngine/Kernels"))


class CompilationError(Exception):
    """NVRTC refused a kernel; the text is its log."""


@dataclass(frozen=True)
class Cubin:
    """A compiled kernel and what ptxas said of it."""

    image: bytes
    registers: int
    spilled_bytes: int
    log: str


@functools.cache
def library() -> ctypes.CDLL:
    patterns = [f"{folder}/nvidia/cu13/lib/libnvrtc.so.13" for folder in sys.path]
    patterns += ["/usr/local/cuda*/lib64/libnvrtc.so.13", "/usr/local/cuda*/targets/*/lib/libnvrtc.so.13"]
    for path in [os.environ.get("NVRTC", "")] + [match for pattern in patterns for match in glob.glob(pattern)]:
        if path and os.path.exists(path):
            # NVRTC opens its built-in declarations by name alone: they must be loaded before.
            for builtins in glob.glob(os.path.join(os.path.dirname(path), "libnvrtc-builtins.so.13*")):
                ctypes.CDLL(builtins)
            return ctypes.CDLL(path)
    return ctypes.CDLL("libnvrtc.so.13")


def compile_kernel(file: str, macros: dict, architecture: str) -> Cubin:
    """Compiles `file` for one GPU architecture ("sm_90a"). A cache under $CUBIN_CACHE spares repetition."""
    return _compile(file, tuple(sorted(macros.items())), architecture)


@functools.cache
def _compile(file: str, macros: tuple, architecture: str) -> Cubin:
    headers = sorted(KERNELS.glob("*.cuh"))
    source = (KERNELS / file).read_bytes()
    options = [f"--gpu-architecture={architecture}", "--std=c++17", "--ptxas-options=-v"]
    options += [f"-D{name}={value}" for name, value in macros]
    cache = os.environ.get("CUBIN_CACHE")
    digest = hashlib.sha256(repr((source, [h.read_bytes() for h in headers], options)).encode()).hexdigest()[:32]
    if cache and (Path(cache) / digest).exists():
        return _cubin((Path(cache) / digest).read_bytes(), (Path(cache) / f"{digest}.log").read_text())
    nvrtc = library()
    program = ctypes.c_void_p()
    texts = (ctypes.c_char_p * len(headers))(*[h.read_bytes() for h in headers])
    names = (ctypes.c_char_p * len(headers))(*[h.name.encode() for h in headers])
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, file.encode(), len(headers), texts, names)
    arguments = (ctypes.c_char_p * len(options))(*[o.encode() for o in options])
    status = nvrtc.nvrtcCompileProgram(program, len(options), arguments)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    text = log.value.decode()
    if status:
        raise CompilationError(f"{file} for {architecture} with {dict(macros)}:\n{text}")
    nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
    image = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetCUBIN(program, image)
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    if cache:
        Path(cache).mkdir(parents=True, exist_ok=True)
        (Path(cache) / f"{digest}.log").write_text(text)
        (Path(cache) / digest).write_bytes(image.raw)
    return _cubin(image.raw, text)


def compile_many(requests: list) -> None:
    """Fills the cache of $CUBIN_CACHE with [(file, macros, architecture)], on all cores; errors show up at use."""
    if not os.environ.get("CUBIN_CACHE"):
        return
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_try, requests, chunksize=4))


def _try(request: tuple) -> None:
    try:
        compile_kernel(*request)
    except CompilationError:
        pass


def _cubin(image: bytes, log: str) -> Cubin:
    registers = re.findall(r"Used (\d+) registers", log)
    spills = re.findall(r"(\d+) bytes spill stores, (\d+) bytes spill loads", log)
    return Cubin(image, max(map(int, registers), default=0), sum(int(a) + int(b) for a, b in spills), log)
