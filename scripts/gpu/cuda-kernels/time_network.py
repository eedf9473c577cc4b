"""Whole networks: agreement with PyTorch in float32, then times.

python3 time_network.py DEPTH,… BATCH,… [--tune] [--sustained] [--layers] [--portable] [--border] [--compile]
"""

import copy
import sys
import time

import torch

import choices
import time_shapes
from iresnet import random_network
from network import Network
from timing import capture, microseconds, sustained
from variants import Shape

torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.benchmark = True


def faces_to_model(faces: torch.Tensor) -> torch.Tensor:
    return (faces.flip(3).permute(0, 3, 1, 2).float() - 127.5) / 127.5


@torch.no_grad()
def agreement(network: Network, model) -> str:
    network.faces.copy_(torch.randint(0, 256, network.faces.shape, device="cuda", dtype=torch.uint8))
    expected = torch.cat([model(faces_to_model(part)) for part in network.faces.split(64)])
    outcomes = []
    for dependent in (False, True, True):
        network.poison()
        network.launch(dependent)
        torch.cuda.synchronize()
        outcomes.append(network.embeddings.clone())
    cosine = torch.nn.functional.cosine_similarity(outcomes[-1].double(), expected.double())
    same = all(torch.equal(outcomes[0], other) for other in outcomes[1:])
    return f"cosine mean {cosine.mean():.7f} min {cosine.min():.7f}, repeatable {same}"


def layers(network: Network) -> None:
    """The time of each kind of layer, alone: its launches one after the other."""
    kinds: dict[str, list] = {}
    for name, prepared in zip(network.names, network.launches):
        kinds.setdefault(f"{name} epilogue {dict(prepared.variant.macros)['EPILOGUE']}", []).append(prepared)
    graphs = []
    for some in kinds.values():
        repeats = max(len(some), 60 if network.images <= 32 else 10)
        graphs.append(capture(lambda i, some=some: some[i % len(some)].launch(), repeats))
    total = 0.0
    for (name, some), time in zip(kinds.items(), microseconds(graphs, 8)):
        total += time * len(some)
        print(f"    {len(some):3} × {time:8.2f} µs = {time * len(some):8.1f}  {name}: {some[0].variant.label}")
    print(f"    together {total:.1f} µs")


def compiled(model, faces: torch.Tensor):
    """What torch.compile makes of the network in float16, and the time it took in seconds."""
    begin = time.time()
    half = torch.compile(copy.deepcopy(model).half().to(memory_format=torch.channels_last), dynamic=False)
    x = faces_to_model(faces).half().to(memory_format=torch.channels_last)
    half(x)
    print(f"torch.compile took {time.time() - begin:.0f} s", flush=True)
    return capture(lambda _: half(x), 1)


@torch.no_grad()
def main() -> None:
    flags = {a for a in sys.argv[1:] if a.startswith("--")}
    depths, batches = ([int(b) for b in argument.split(",")] for argument in sys.argv[1:3])
    print(torch.cuda.get_device_name())
    models = {depth: random_network(depth, 7) for depth in depths}
    for batch in batches:
        options = time_shapes.tune(batch) if "--tune" in flags else {}
        for depth, model in models.items():
            families = [("hopper", False)]
            families += [("hopper", True)] if "--border" in flags else []
            families += [("portable", False)] if "--portable" in flags else []
            timed = []
            for family, border in families:
                network = Network(model, batch, family, border, options)
                name = f"R{depth} batch {batch} {family}{' border' * border}"
                print(f"{name}: {agreement(network, model)}", flush=True)
                timed.append((name, capture(lambda _, network=network: network.launch(), 1), network))
                if "--layers" in flags and family == "hopper" and not border:
                    layers(network)
            if "--compile" in flags:
                timed.append((f"R{depth} batch {batch} torch.compile", compiled(model, network.faces), None))
            for (name, *_), time_ in zip(timed, microseconds([graph for _, graph, _ in timed], 15)):
                print(f"{name}: {time_ / 1e3:.4f} ms, {batch / time_ * 1e6:.0f} faces/s", flush=True)
            if "--sustained" in flags:
                for name, graph, _ in timed:
                    print(f"{name} sustained: {sustained(graph) / 1e3:.4f} ms", flush=True)
        for key, option in options.items():
            if option != choices.alternatives(Shape(*key), batch)[0]:
                print(f"batch {batch} {key}: {option}")


if __name__ == "__main__":
    main()
