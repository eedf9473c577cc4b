"""A fleet that starts together builds once; a builder that is killed leaves a store from which the next one succeeds."""
import json
import os
import random
import signal
import subprocess
import time

import pytest

from conftest import BINARY
from engine_tools import needs_rtx, place_with_libraries
from store_tools import bucket_environment, check_folder, check_whole, engines, server_parameters, start_server, visible

pytestmark = needs_rtx
KILLS = int(os.environ.get("KILL_RUNS", 10))


@pytest.fixture(scope="module", params=server_parameters())
def server(request, tmp_path_factory):
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


def machine(folder, name):
    """A working folder of its own, as another machine would have it."""
    place = folder / name
    place.mkdir()
    return place_with_libraries(place)


def start(place, model, env, *arguments):
    line = ["build", "--onnx-path", model, "--model-name", "tiny", "--runtime", "tensorrt-rtx", "--output-dir", "engines",
            "--max-batch-size", 4, "--precision", "fp32", "--json", *arguments]
    return subprocess.Popen([str(BINARY), *map(str, line)], cwd=place, env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish(process):
    out, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return json.loads(out), said


@pytest.mark.parametrize("count", [2, 8])
def test_machines_at_once_build_and_upload_one_engine(server, tmp_path, tiny_model, count):
    env = bucket_environment(server, ARCFACE_STORAGE_PREFIX=f"fleet{count}/")
    places = [machine(tmp_path, str(number)) for number in range(count)]
    results = [finish(process) for process in [start(place, tiny_model, env) for place in places]]
    assert sum(not summary["reused"] for summary, _ in results) == 1
    assert sum("stored as s3://" in said for _, said in results) == 1
    assert sum("fetched and verified" in said for _, said in results) == count - 1
    assert len({summary["sha256"] for summary, _ in results}) == 1
    objects = visible(server, f"fleet{count}/")
    assert len(check_whole(objects)) == 1 and len(objects) == 2, "the lock is gone, one plan and one manifest stay"
    for place in places:
        assert len(check_folder(place)) == 1


def test_each_step_is_told(server, tmp_path, tiny_model):
    env = bucket_environment(server, ARCFACE_STORAGE_PREFIX="told/")
    _, said = finish(start(machine(tmp_path, "first"), tiny_model, env))
    steps = ["s3://team/told/: no engine to use (there is no tiny-fp32-rtx.plan)", "building with TensorRT-RTX",
             "stored as s3://team/told/tiny-fp32-rtx/"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    _, said = finish(start(machine(tmp_path, "second"), tiny_model, env))
    assert "fetching s3://team/told/tiny-fp32-rtx/" in said and "building" not in said
    summary, said = finish(start(tmp_path / "second", tiny_model, env))
    assert summary["reused"] and "s3://" not in said, "what is in the folder needs no store"


def test_a_store_that_is_away_keeps_nobody_from_building(tmp_path, tiny_model):
    env = bucket_environment("http://127.0.0.1:1", ARCFACE_STORAGE_TIMEOUT_SECONDS=1)
    summary, said = finish(start(machine(tmp_path, "alone"), tiny_model, env))
    assert not summary["reused"] and "warning: the team's store is left out: " in said


def test_engines_that_are_not_to_be_pushed_stay_here(server, tmp_path, tiny_model):
    env = bucket_environment(server, ARCFACE_STORAGE_PREFIX="kept/", ARCFACE_STORAGE_PUSH="false")
    finish(start(machine(tmp_path, "a"), tiny_model, env))
    assert not visible(server, "kept/")
    sharing = env | {"ARCFACE_STORAGE_PUSH": "true"}
    _, said = finish(start(machine(tmp_path, "b"), tiny_model, sharing, "--license", "CC-BY-NC-4.0"))
    assert "the model's licence is CC-BY-NC-4.0" in said and not check_whole(visible(server, "kept/"))


def test_with_signatures_required_an_engine_is_signed_shared_and_taken(server, tmp_path, tiny_model):
    place, other = machine(tmp_path, "a"), machine(tmp_path, "b")
    env = bucket_environment(server, ARCFACE_STORAGE_PREFIX="signed/")
    key = tmp_path / "team.key"
    public = subprocess.run([str(BINARY), "engines", "keygen", str(key)], capture_output=True, text=True).stdout.strip()
    strict = env | {"ARCFACE_STORAGE_REQUIRE_SIGNATURE": "true", "ARCFACE_STORAGE_PUBLIC_KEYS": public}
    process = start(place, tiny_model, strict)
    _, said = process.communicate()
    assert process.returncode == 78 and "there is no key to sign with" in said
    finish(start(place, tiny_model, strict | {"ARCFACE_SIGNING_KEY": key.read_text()}))
    # The other machine has no private key and needs none.
    engines("pull", place=other, env=strict)
    assert engines("verify", place=other, env=strict)[0]["text"].startswith("whole, signed by ed25519:")


def kill_runs(server, tmp_path, tiny_model, count, seed):
    """Kills builders at random points; the next machine gets an engine, and the store is whole at every point."""
    chance = random.Random(seed)
    begun = time.monotonic()
    finish(start(machine(tmp_path, "whole"), tiny_model, bucket_environment(server, ARCFACE_STORAGE_PREFIX=f"whole{seed}/")))
    # From the first step to the last: preparing, claiming, building, putting, releasing.
    span = time.monotonic() - begun
    died = run = 0
    while died < count:
        run += 1
        assert run <= 4 * count, f"only {died} of {run - 1} were killed while they worked"
        prefix = f"kill{seed}-{run}/"
        env = bucket_environment(server, ARCFACE_STORAGE_PREFIX=prefix, ARCFACE_STORAGE_LEASE_SECONDS=1)
        begun = time.monotonic()
        victim = start(machine(tmp_path, f"victim{run}"), tiny_model, env)
        try:
            victim.wait(chance.uniform(0.02, span))
            # It was done sooner than the first: later ones are killed within that time.
            span = time.monotonic() - begun
        except subprocess.TimeoutExpired:
            os.killpg(victim.pid, signal.SIGKILL)
        victim.communicate()
        died += victim.returncode == -signal.SIGKILL
        check_whole(visible(server, prefix))
        check_folder(tmp_path / f"victim{run}") if (tmp_path / f"victim{run}/engines").exists() else None
        summary, said = finish(start(machine(tmp_path, f"next{run}"), tiny_model, env))
        assert summary["bytes"] > 0, said
        assert len(check_whole(visible(server, prefix))) == 1
    print(f"{server.name}: {died} builders died at work, {run - died} were done before")


def test_a_killed_builder_is_followed_by_the_next(server, tmp_path, tiny_model):
    kill_runs(server, tmp_path, tiny_model, max(KILLS // 2, 1), 1)


@pytest.mark.slow
def test_many_killed_builders(server, tmp_path, tiny_model):
    kill_runs(server, tmp_path, tiny_model, 25, 2)
