"""Times work on the GPU by replays of CUDA graphs, variants interleaved, medians."""

import statistics
import time

import torch

STREAM = torch.cuda.Stream()


def capture(work, repeats: int) -> tuple:
    """A graph of `work(i)` for i < repeats."""
    with torch.cuda.stream(STREAM):
        for i in range(2):
            work(i)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, stream=STREAM):
            for i in range(repeats):
                work(i)
    return graph, repeats


def microseconds(graphs: list, rounds: int = 12) -> list:
    """The median time of one `work` of each graph; the graphs take turns, so that all see the same clocks."""
    times = [[] for _ in graphs]
    with torch.cuda.stream(STREAM):
        for turn in range(rounds + 2):
            for samples, (graph, repeats) in zip(times, graphs):
                begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                begin.record(STREAM)
                graph.replay()
                end.record(STREAM)
                end.synchronize()
                if turn >= 2:
                    samples.append(begin.elapsed_time(end) * 1e3 / repeats)
    return [statistics.median(samples) for samples in times]


def sustained(graph: tuple, seconds: float = 3.0) -> float:
    """Microseconds of one `work` in the last third of `seconds` without a pause, at the card's power limit."""
    graph, repeats = graph
    with torch.cuda.stream(STREAM):
        begin = time.time()
        while time.time() - begin < seconds * 2 / 3:
            for _ in range(8):
                graph.replay()
            STREAM.synchronize()
        middle, count = time.time(), 0
        while time.time() - begin < seconds:
            for _ in range(8):
                graph.replay()
            STREAM.synchronize()
            count += 8
        return (time.time() - middle) * 1e6 / count / repeats
