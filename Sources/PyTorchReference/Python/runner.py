"""Runs a network on batches of faces."""
import time

from arcface_worker import machine
from arcface_worker.failure import Failure

FACE = 112 * 112 * 3
# torch.compile makes a program for each batch size, which takes a minute: others are padded to the next of these.
COMPILED_SIZES = (1, 8, 32, 128, 256)


class Runner:
    """A network on its device, with buffers for the largest batch."""

    def __init__(self, network, device, mode, capacity):
        torch = self.torch = machine.torch()
        self.device, self.capacity = device, capacity
        self.on_gpu = device.type == "cuda"
        self.compiled = mode.startswith("compile")
        if self.on_gpu:
            # PyTorch's own default is TF32 in convolutions only; the reference has none.
            torch.backends.cudnn.allow_tf32 = mode == "tf32"
            torch.backends.cuda.matmul.allow_tf32 = False
        self.network = network.to(device)
        if self.compiled:
            torch._dynamo.config.cache_size_limit = max(torch._dynamo.config.cache_size_limit, 2 * len(COMPILED_SIZES))
            # CUDA graphs, and cuDNN's convolutions: trying Triton's instead takes minutes for each batch size.
            self.network = torch.compile(self.network, mode="reduce-overhead", dynamic=False)
        self.pixels = torch.zeros(capacity * FACE, dtype=torch.uint8, pin_memory=self.on_gpu)
        self.bytes = memoryview(self.pixels.numpy())
        self.output = None
        # The first run also tells the width, and brings what is loaded late.
        self.width = self.embed(1)[1].shape[1]

    def rows(self, count):
        """The batch that is computed for so many faces."""
        if not self.compiled:
            return count
        return min(next((size for size in COMPILED_SIZES if size >= count), count), self.capacity)

    def embed(self, count):
        """Embeds the first `count` faces in `pixels`.

        Returns ((seconds of copying there, computing, copying back), float32 array [count, D]).
        """
        rows = self.rows(count)
        faces = self.pixels[:rows * FACE].view(rows, 112, 112, 3)
        # What torch.compile records doesn't like tensors of inference_mode.
        with self.torch.no_grad() if self.compiled else self.torch.inference_mode():
            times, output = (self.on_cuda if self.on_gpu else self.on_cpu)(faces)
        if output.dim() != 2 or output.shape[0] != rows:
            raise Failure("modelUnusable", f"the network gives {list(output.shape)} for {rows} faces, not [{rows}, D]")
        return times, output[:count].numpy()

    def on_cpu(self, faces):
        start = time.perf_counter()
        output = self.network(faces).float().contiguous()
        return (0.0, time.perf_counter() - start, 0.0), output

    def on_cuda(self, faces):
        torch = self.torch
        marks = [torch.cuda.Event(enable_timing=True) for _ in range(4)]
        marks[0].record()
        there = faces.to(self.device, non_blocking=True)
        marks[1].record()
        output = self.network(there).float()
        marks[2].record()
        if self.output is None or self.output.shape[1:] != output.shape[1:]:
            self.output = torch.empty((self.capacity, *output.shape[1:]), pin_memory=True)
        back = self.output[:output.shape[0]]
        back.copy_(output, non_blocking=True)
        marks[3].record()
        torch.cuda.current_stream().synchronize()
        return tuple(first.elapsed_time(second) / 1000 for first, second in zip(marks, marks[1:])), back
