"""Serves requests until the other side is gone."""
import json
import struct
import sys
import traceback

from arcface_worker import channel as frames
from arcface_worker import machine, orphan
from arcface_worker.failure import Failure, told

STAGES = struct.Struct("<3d")


def serve(descriptor):
    orphan.watch(descriptor)
    channel = frames.Channel(descriptor)
    channel.send_json(frames.HELLO, machine.hello())
    worker = Worker(channel)
    while (request := channel.header()) is not None:
        try:
            worker.answer(*request)
        except Failure as failure:
            channel.send_json(frames.FAILURE, failure.fields)
        except EOFError:
            break
        except Exception as error:
            traceback.print_exc()
            sys.stderr.flush()
            code = "outOfMemory" if is_out_of_memory(error) else "failed"
            channel.send_json(frames.FAILURE, Failure(code, told(error)).fields)


def is_out_of_memory(error):
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" \
        or "can't allocate memory" in str(error)


class Worker:
    def __init__(self, channel):
        self.channel, self.settings, self.runner = channel, None, None

    def answer(self, kind, length):
        if kind == frames.EMBED:
            self.embed(length)
            return
        payload = self.channel.payload(length)
        if kind == frames.EXAMINE:
            self.channel.send_json(frames.FACTS, machine.facts())
        elif kind == frames.LOAD:
            self.settings = json.loads(payload)
            if "checkpoint" in self.settings:
                self.load(None)
        elif kind == frames.MODEL and self.settings is not None:
            self.load(payload)
        else:
            raise Failure("failed", f"unknown request {kind}")

    def load(self, model):
        settings = self.settings
        mode = settings["mode"]
        half = mode in ("fp16", "compile-fp16")
        device = machine.device(settings["device"], settings["threads"])
        if half and device.type == "cpu":
            raise Failure("modeUnsupported", f"the mode {mode} needs a GPU: PyTorch's convolutions are float32 on a CPU")
        if mode.startswith("compile") and not hasattr(machine.torch(), "compile"):
            raise Failure("modeUnsupported", f"the mode {mode} needs torch 2, and this is {machine.torch().__version__}")
        architecture = None
        if model is None:
            from arcface_worker import checkpoint

            network, architecture = checkpoint.load(
                settings["checkpoint"], settings.get("architecture"), half, half, settings["color"], settings["mean"],
                settings["scale"])
        else:
            from arcface_worker import graph

            network = graph.load(model, half, half)
        from arcface_worker.runner import Runner

        self.runner = Runner(network, device, mode, settings["capacity"])
        torch = machine.torch()
        name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
        self.channel.send_json(frames.READY, {
            "width": self.runner.width, "torch": torch.__version__, "cuda": torch.version.cuda, "device": name,
            "architecture": architecture})

    def embed(self, length):
        runner = self.runner
        if runner is None or length % 37632 or not 0 < length <= len(runner.bytes):
            self.channel.payload(length)
            raise Failure("failed", "no network is loaded" if runner is None else f"a batch of {length} bytes")
        if not self.channel.fill(runner.bytes[:length]):
            raise EOFError
        times, output = runner.embed(length // 37632)
        self.channel.send(frames.EMBEDDINGS, STAGES.pack(*times), output)
