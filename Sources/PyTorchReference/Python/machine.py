"""What this Python has: torch, its CUDA, and what converts graphs."""
import importlib.util
import platform
import sys

from arcface_worker.failure import Failure, told

MODULES = ("torch", "onnx", "onnx2torch")


def hello():
    """Found without importing anything, in milliseconds."""
    return {"python": platform.python_version(), "executable": sys.executable,
            "modules": [name for name in MODULES if importlib.util.find_spec(name)]}


def torch():
    """The module torch."""
    try:
        import torch
    except Exception as error:  # A library of its own that is missing gives an OSError.
        raise Failure("torchBroken", f"importing torch failed: {told(error)}",
                      "install it anew: pip install torch") from error
    return torch


def facts():
    """Versions and devices, as `doctor` shows them."""
    module = torch()
    found = hello()
    found["torch"] = module.__version__
    found["cuda_build"] = module.version.cuda
    found["gpus"] = [module.cuda.get_device_name(index) for index in range(module.cuda.device_count())]
    found["weights_only"] = has_weights_only()
    found["compile"] = hasattr(module, "compile")
    return found


def has_weights_only():
    """Whether checkpoints can be read without running what is in them."""
    import inspect

    return "weights_only" in inspect.signature(torch().load).parameters


def device(name, threads):
    """The device to compute on, with the precision settings of the strict reference."""
    module = torch()
    module.set_num_threads(threads)
    module.set_grad_enabled(False)
    if name == "cuda":
        if not module.version.cuda:
            raise Failure("cudaMissing", f"torch {module.__version__} was built without CUDA",
                          "install a torch with CUDA (pip install torch), or set the device to cpu")
        if not module.cuda.is_available():
            raise Failure("cudaMissing", f"torch {module.__version__} (CUDA {module.version.cuda}) finds no GPU",
                          "check nvidia-smi and the driver's version, or set the device to cpu")
    return module.device(name)
