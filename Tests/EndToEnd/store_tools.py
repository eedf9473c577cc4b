"""What tests of the team's store share: servers, engines made of random bytes, the command with a bucket."""
import hashlib
import json
import os
import pathlib
import subprocess

import pytest

from conftest import BINARY, environment
from s3_servers import ACCESS_KEY, REGION, SECRET_KEY, SERVERS

PROBE = BINARY.with_name("s3-probe")
needs_probe = pytest.mark.skipif(not PROBE.exists(), reason="no s3-probe: swift build -c release --product s3-probe")
PREFIX = "engines/arcface/"


def server_parameters():
    """Each server, skipped where its program isn't there."""
    return [pytest.param(name, marks=pytest.mark.skipif(not program.exists(), reason=f"no {name}: make deps-s3"))
            for name, (program, _) in SERVERS.items()]


def start_server(name, folder):
    """Starts one of the servers by its name."""
    return SERVERS[name][1](folder)


def bucket_environment(server, **extra):
    """The command's environment with the server's bucket and credentials."""
    return environment(**{
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true", "ARCFACE_STORAGE_BUCKET": "team",
        "ARCFACE_STORAGE_ENDPOINT": server if isinstance(server, str) else server.endpoint} | extra)


def engines(verb, *arguments, place, env, status=0):
    """Runs an `engines` command on `place/engines` and gives its JSON; what was said on standard error if it failed."""
    line = [str(BINARY), "engines", verb, *map(str, arguments), "--engine-dir", "engines", "--json"]
    result = subprocess.run(line, cwd=place, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return json.loads(result.stdout) if status == 0 else result.stderr


def plan_bytes(size, seed=0):
    """Bytes that differ from seed to seed."""
    block = hashlib.sha256(str(seed).encode()).digest() * 2048
    return (b"%016d" % seed + block * (size // len(block) + 1))[:size]


def put_engine(place, size=100_000, seed=0, model="r100", name=None, change=None):
    """Writes an engine of made-up bytes with its manifest into `place/engines`; gives the plan's path."""
    plan = plan_bytes(size, seed)
    manifest = {
        "format": 1, "plan": {"bytes": len(plan), "sha256": hashlib.sha256(plan).hexdigest()},
        "model": {"name": model, "onnx_sha256": hashlib.sha256(model.encode()).hexdigest()},
        "precision": "fp16", "batch": {"profiles": [{"min": 1, "opt": 8, "max": 32}], "streams": 1},
        "runtime": {"name": "tensorrt", "version": "10.8.0.43"},
        "built_on": {"sm": 86, "gpu": "NVIDIA A10", "driver": "550.54.15"},
        "preprocessing": {"color": "rgb", "mean": 127.5, "scale": 127.5}, "embedding_width": 512,
        "builder": {"compute_capabilities": [], "hardware_compatibility": "none", "version_compatible": False},
        "created": "2026-01-31T12:00:00Z", "tool_version": "0.1.0"}
    if change:
        change(manifest)
    folder = pathlib.Path(place) / "engines"
    folder.mkdir(exist_ok=True)
    path = folder / (name or f"{model}-fp16-sm86.plan")
    path.write_bytes(plan)
    path.with_name(path.name + ".json").write_text(json.dumps(manifest))
    return path


def visible(server, prefix=PREFIX):
    """Every object below the prefix, key without it to bytes."""
    client = server.client()
    found = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="team", Prefix=prefix):
        for item in page.get("Contents", []):
            found[item["Key"].removeprefix(prefix)] = client.get_object(Bucket="team", Key=item["Key"])["Body"].read()
    return found


def check_whole(objects):
    """Every plan is what its key says; every manifest's plan is there; gives the manifests."""
    manifests = {}
    for key, data in objects.items():
        stem, _, file = key.rpartition("/")
        if file.endswith(".plan"):
            assert hashlib.sha256(data).hexdigest() == file.removesuffix(".plan"), f"{key} is not what its key says"
        elif file.endswith(".json"):
            manifest = json.loads(data)
            plan = objects.get(f"{stem}/{manifest['plan']['sha256']}.plan")
            assert plan is not None and len(plan) == manifest["plan"]["bytes"], f"{key} has no whole plan"
            manifests[key] = manifest
    return manifests


def check_folder(place):
    """Every plan of the folder that has a manifest is what the manifest says; gives the plans' names."""
    names = []
    for manifest in (pathlib.Path(place) / "engines").glob("*.plan.json"):
        plan = manifest.with_name(manifest.name.removesuffix(".json"))
        described = json.loads(manifest.read_text())["plan"]
        if plan.exists():
            assert hashlib.sha256(plan.read_bytes()).hexdigest() == described["sha256"], f"{plan.name} is altered"
            names.append(plan.name)
    return names


def probe(server, *arguments, status=0, **settings):
    """Runs the S3 client's probe; gives what it printed, or said if it failed."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "AWS_ACCESS_KEY_ID": ACCESS_KEY,
           "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_EC2_METADATA_DISABLED": "true",
           "S3_PROBE_ENDPOINT": server if isinstance(server, str) else server.endpoint,
           "S3_PROBE_REGION": REGION} | {name: str(value) for name, value in settings.items()}
    result = subprocess.run([str(PROBE), *map(str, arguments)], env=env, capture_output=True, text=True, timeout=600)
    assert result.returncode == status, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result.stdout if status == 0 else result.stderr
