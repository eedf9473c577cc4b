"""The original weights: a file of torch.save, read without running what is in it, and loaded strictly."""
import io
import os
import re
import zipfile

from arcface_worker import machine
from arcface_worker.failure import Failure, one_line, told


def load(path, architecture, half, channels_last, color, mean, scale):
    """Loads a checkpoint.

    Returns (module that takes uint8 BGR [N,112,112,3], architecture). The architecture is told by the names of the
    weights if it is None.
    """
    torch = machine.torch()
    weights = read(path)
    from arcface_worker import networks

    if architecture is None:
        architecture = next((name for name in networks.ARCHITECTURES if not differences(weights, name)), None)
        if architecture is None:
            raise Failure("checkpointUnusable", f"{path}: holds none of {', '.join(networks.ARCHITECTURES)}; its first "
                          f"weights are {listed(list(weights))}", "name the nearest with --arch to see what differs")
    found = differences(weights, architecture)
    if found:
        fitting = next((name for name in networks.ARCHITECTURES if not differences(weights, name)), None)
        mend = f"--arch {fitting} fits" if fitting else "none of the known architectures fits"
        raise Failure("checkpointUnusable", f"{path}: is no {architecture}: {listed(found)}", mend)
    network = networks.make(architecture, width(weights))
    network.load_state_dict(weights, strict=True)
    network.eval()
    network = network.half() if half else network.float()
    if channels_last:
        network.to(memory_format=torch.channels_last)

    class Faces(torch.nn.Module):
        """Pixels to the network's input, then the network."""

        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, faces):
            planes = faces.to(torch.float16 if half else torch.float32).permute(0, 3, 1, 2)
            if color == "rgb":
                planes = planes.flip(1)
            planes = (planes - mean) / scale
            memory = torch.channels_last if channels_last else torch.contiguous_format
            return self.network(planes.contiguous(memory_format=memory))

    return Faces(), architecture


def read(path):
    """The weights by name, float32 or float16, without a wrapper's prefix."""
    torch = machine.torch()
    if not os.path.exists(path):
        raise Failure("fileMissing", f"{path}: no such checkpoint", "check --checkpoint")
    if not machine.has_weights_only():
        raise Failure("torchTooOld", f"torch {torch.__version__} would run whatever a checkpoint tells it to",
                      "install torch 1.13 or newer, which reads weights only")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Failure("fileMissing", f"{path}: {error.strerror or error}", "check --checkpoint") from error
    refuse_programs(path, data)
    try:
        # From memory, because torch up to 2.5 unpacks tar files without that protection (CVE-2025-32434), but no streams.
        value = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:
        what = one_line(error)
        if "weights_only" in what or "Unsupported" in what or "not an allowed" in what or "GLOBAL" in what:
            culprit = re.search(r"(?:global|class|GLOBAL) ([\w.]+)", what)
            name = f" ({culprit.group(1)})" if culprit else ""
            raise Failure("checkpointUnusable", f"{path}: holds more than weights{name}; nothing of it was run",
                          "save it anew where it is trusted: torch.save(model.state_dict(), ...)") from error
        raise Failure("checkpointUnusable", f"{path}: is no checkpoint that torch can read: {told(error)}",
                      "it must be a file of torch.save(model.state_dict(), ...)") from error
    return named_weights(path, value)


def refuse_programs(path, data):
    """TorchScript archives are programs; torch would run them whatever it was told."""
    stream = io.BytesIO(data)
    if not zipfile.is_zipfile(stream):
        return
    try:
        names = zipfile.ZipFile(stream).namelist()
    except (zipfile.BadZipFile, ValueError):
        return  # torch.load tells better what is wrong with it.
    if any(name.endswith("/constants.pkl") or "/code/" in name for name in names):
        raise Failure("checkpointUnusable", f"{path}: is a TorchScript program, not a checkpoint",
                      "save its weights: torch.save(model.state_dict(), ...)")


def named_weights(path, value):
    torch = machine.torch()
    for wrapper in ("state_dict", "state_dict_backbone", "backbone", "model"):
        if isinstance(value, dict) and isinstance(value.get(wrapper), dict):
            value = value[wrapper]
            break
    if not isinstance(value, dict) or not value or not all(torch.is_tensor(item) for item in value.values()):
        raise Failure("checkpointUnusable", f"{path}: holds a {type(value).__name__}, not weights by name",
                      "it must be a file of torch.save(model.state_dict(), ...)")
    weights = {str(name): item for name, item in value.items()}
    for prefix in ("module.", "backbone.", "_orig_mod."):
        if all(name.startswith(prefix) for name in weights):
            weights = {name[len(prefix):]: item for name, item in weights.items()}
    return weights


def width(weights):
    """Numbers an embedding, as the last normalisation says."""
    for name in ("features.weight", "features.layers.3.weight"):
        if name in weights and weights[name].dim() == 1 and 0 < weights[name].shape[0] <= 4096:
            return weights[name].shape[0]
    return 512


def differences(weights, architecture):
    """What keeps the weights from being loaded strictly, in the network's order."""
    expected = shapes(architecture, width(weights))
    found = []
    for name, shape in expected.items():
        if name not in weights:
            # A counter that only training reads; old versions of torch didn't save it.
            if not name.endswith("num_batches_tracked"):
                found.append(f"{name} is missing")
        elif tuple(weights[name].shape) != shape:
            found.append(f"{name} is {list(weights[name].shape)}, not {list(shape)}")
    return found + [f"{name} is one too many" for name in weights if name not in expected]


def shapes(architecture, width):
    from arcface_worker import networks

    if (architecture, width) not in known_shapes:
        network = networks.make(architecture, width)
        known_shapes[architecture, width] = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    return known_shapes[architecture, width]


known_shapes = {}


def listed(texts, limit=3):
    rest = len(texts) - limit
    return ", ".join(texts[:limit]) + (f", and {rest} more" if rest > 0 else "")
