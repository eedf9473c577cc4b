"""Pushing and pulling through a proxy that cuts, delays, damages and lies: success or a named error, never a wrong engine.

FAULT_RUNS sets the number of seeded runs (40; 200 in `make test-slow`); FAULT_SEED the first seed.
"""
import os
import shutil
import subprocess
import sys

import pytest

from conftest import BINARY, run
from fault_proxy import FaultProxy
from store_tools import (bucket_environment, check_folder, check_whole, engines, put_engine,
                         server_parameters, start_server, visible)

SIZE = (17 << 20) + 3
RUNS = int(os.environ.get("FAULT_RUNS", 40))
FIRST = int(os.environ.get("FAULT_SEED", 1))


@pytest.fixture(scope="module", params=server_parameters())
def server(request, tmp_path_factory):
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


def one_run(server, folder, seed):
    """One push and one pull with that seed; gives which of them worked and what harm was done."""
    sender, receiver = folder / "sender", folder / "receiver"
    sender.mkdir()
    (receiver / "engines").mkdir(parents=True)
    plan = put_engine(sender, SIZE, seed=seed, model=f"m{seed}")
    prefix = f"run{seed}/"
    direct = bucket_environment(server, ARCFACE_STORAGE_PREFIX=prefix)

    def through(verb, place, proxy):
        env = bucket_environment(proxy.endpoint, ARCFACE_STORAGE_TIMEOUT_SECONDS=1, ARCFACE_STORAGE_PREFIX=prefix)
        result = run("engines", verb, "--engine-dir", "engines", cwd=place, env=env)
        assert result.returncode in (0, 65, 69), f"seed {seed}, {proxy.done}: exit {result.returncode}\n{result.stderr}"
        if result.returncode:
            errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
            assert errors, f"seed {seed}, {proxy.done}: no reason\n{result.stderr}"
        return result.returncode == 0

    with FaultProxy(server.port, seed) as proxy:
        pushed = through("push", sender, proxy)
        manifests = check_whole(visible(server, prefix))
        assert len(manifests) <= 1 and (not pushed or len(manifests) == 1), f"seed {seed}, {proxy.done}"
        harm = list(proxy.done)
    if not manifests:
        engines("push", place=sender, env=direct)
    with FaultProxy(server.port, seed + 1_000_000) as proxy:
        pulled = through("pull", receiver, proxy)
        found = check_folder(receiver)
        assert not pulled or found == [plan.name], f"seed {seed}, {proxy.done}"
        if found:
            assert (receiver / "engines" / plan.name).read_bytes() == plan.read_bytes()
        harm += proxy.done
    # Whatever happened, the next one succeeds.
    engines("pull", place=receiver, env=direct)
    assert check_folder(receiver) == [plan.name]
    leftovers = [path.name for path in (receiver / "engines").iterdir() if path.name.endswith(".tmp")]
    assert not leftovers, f"seed {seed}: {leftovers}"
    client = server.client()
    for key in visible(server, prefix):
        client.delete_object(Bucket="team", Key=prefix + key)
    return pushed, pulled, harm


def many_runs(server, folder, seeds):
    pushed = pulled = 0
    kinds = set()
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        a, b, harm = one_run(server, place, seed)
        pushed, pulled, kinds = pushed + a, pulled + b, kinds | {kind for kind, *_ in harm}
        shutil.rmtree(place)
    print(f"{server.name}: {pushed} pushes and {pulled} pulls of {len(seeds)} worked; harm: {', '.join(sorted(kinds))}")
    assert pushed and pulled, "a proxy that lets nothing through tests nothing"
    return kinds


def test_bad_networks(server, tmp_path):
    """Half of the runs for each server."""
    many_runs(server, tmp_path, range(FIRST, FIRST + max(RUNS // 2, 1)))


@pytest.mark.slow
def test_many_bad_networks(server, tmp_path):
    kinds = many_runs(server, tmp_path, range(10_000, 10_100))
    assert kinds == set(FaultProxy.KINDS)


def test_a_server_that_never_answers_is_given_up(server, tmp_path):
    put_engine(tmp_path)
    with FaultProxy(server.port, 1, kinds=["silent"], harmed=10**9) as proxy:
        proxy.random.random = lambda: 0.0
        env = bucket_environment(proxy.endpoint, ARCFACE_STORAGE_TIMEOUT_SECONDS=1)
        said = engines("push", place=tmp_path, env=env, status=69)
    assert "tried 5 times" in said


def test_memory_does_not_grow_with_the_engine(server, tmp_path):
    """A few parts are held, however many there are."""
    env = bucket_environment(server, ARCFACE_STORAGE_PREFIX="memory/")
    peaks = {}
    for size in (128, 384):
        sender, receiver = tmp_path / f"from{size}", tmp_path / f"to{size}"
        sender.mkdir()
        (receiver / "engines").mkdir(parents=True)
        put_engine(sender, size << 20, seed=size, model=f"m{size}")
        for verb, place in (("push", sender), ("pull", receiver)):
            peaks[verb, size] = peak_memory(["engines", verb, f"m{size}-fp16-sm86", "--engine-dir", "engines"], place, env)
    for verb in ("push", "pull"):
        small, large = peaks[verb, 128] / 1e6, peaks[verb, 384] / 1e6
        print(f"{server.name}: {verb} of 128 and of 384 MiB: {small:.0f} and {large:.0f} MB")
        # Some parts of 8 MiB and what the allocator keeps of them: 90 to 165 MB were seen, at 1 GiB too. The larger engine
        # is 403 MB; half of it with the program would be too much.
        assert small < 200 and large < 200


def peak_memory(line, place, env):
    """The resident memory of a command at its peak, in bytes. (A process of its own asks: this one's memory would count.)"""
    program = ("import resource, subprocess, sys; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); "
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)")
    result = subprocess.run([sys.executable, "-c", program, str(BINARY), *line], cwd=place, env=env, capture_output=True,
                            text=True)
    assert result.returncode == 0, result.stderr
    return int(result.stdout) * 1024
