"""Whole networks: agreement with PyTorch in float32, then times.

python3 time_network.py DEPTH BATCH [--compile] [--portable] [--border] [--layers] [--sustained]
"""

import copy
import sys

import torch

from iresnet import random_network
from network import Network
from timing import capture, microseconds, sustained

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


@torch.no_grad()
def main() -> None:
    flags = {a for a in sys.argv[1:] if a.startswith("--")}
    depth, batches = int(sys.argv[1]), [int(b) for b in sys.argv[2].split(",")]
    print(torch.cuda.get_device_name())
    model = random_network(depth, 7)
    for batch in batches:
        families = [("hopper", False)]
        if "--border" in flags:
            families.append(("hopper", True))
        if "--portable" in flags:
            families.append(("portable", False))
        names, graphs = [], []
        for family, border in families:
            network = Network(model, batch, family, border)
            names.append(family + (" border" if border else ""))
            print(f"R{depth} batch {batch} {names[-1]}: {agreement(network, model)}", flush=True)
            graphs.append(capture(lambda _, network=network: network.launch(), 1))
            if "--layers" in flags and family == "hopper" and not border:
                layers(network)
        if "--compile" in flags:
            half = copy.deepcopy(model).half().to(memory_format=torch.channels_last)
            compiled = torch.compile(half, dynamic=False)
            x = faces_to_model(network.faces).half().to(memory_format=torch.channels_last)
            names.append("torch.compile fp16")
            graphs.append(capture(lambda _: compiled(x), 1))
        for name, time in zip(names, microseconds(graphs, 15)):
            print(f"R{depth} batch {batch} {name}: {time / 1e3:.4f} ms, {batch / time * 1e6:.0f} faces/s", flush=True)
        if "--sustained" in flags:
            for name, graph in zip(names, graphs):
                print(f"R{depth} batch {batch} {name} sustained: {sustained(graph) / 1e3:.4f} ms", flush=True)


if __name__ == "__main__":
    main()
