"""The S3 client against real servers: sizes, names, listings, refusals, and boto3 on the other side."""
import hashlib
import os

import pytest

from s3_servers import READER_KEY, READER_SECRET
from store_tools import needs_probe, plan_bytes, probe, server_parameters, start_server

pytestmark = needs_probe

ODD_NAMES = ["a b+c/é ü.plan", "%41", "q?x=1&y", "~tilde/(paren)'*!,;:@$=", "日本語/engine+1.plan", "a//b"]


@pytest.fixture(scope="module", params=server_parameters())
def server(request, tmp_path_factory):
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


@pytest.mark.parametrize("size", [1, 5 << 20, (5 << 20) + 1, 300 << 20])
def test_sizes(server, tmp_path, size):
    source, copy = tmp_path / "source", tmp_path / "copy"
    with open(source, "wb") as file:
        for start in range(0, size, 1 << 20):
            file.write(os.urandom(min(1 << 20, size - start)))
    probe(server, "put", f"sizes/{size}", source)
    assert probe(server, "look", f"sizes/{size}").split()[0] == str(size)
    probe(server, "get", f"sizes/{size}", copy, size)
    assert sha256(copy) == sha256(source)
    probe(server, "delete", f"sizes/{size}")
    assert probe(server, "look", f"sizes/{size}") == "absent\n"


@pytest.mark.parametrize("key", ODD_NAMES)
def test_odd_names(server, tmp_path, key):
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.write_bytes(key.encode())
    probe(server, "put", f"odd/{key}", source)
    probe(server, "get", f"odd/{key}", copy, source.stat().st_size)
    assert copy.read_bytes() == source.read_bytes()
    listed = [line.split(" ", 1)[1] for line in probe(server, "list", "odd/").splitlines()]
    # A server on a file system makes one slash of two.
    assert f"odd/{key}".replace("//", "/") in [name.replace("//", "/") for name in listed]


def test_a_thousand_objects_and_more_are_listed(server):
    client = server.client()
    for number in range(1005):
        client.put_object(Bucket="team", Key=f"many/{number:04} é", Body=b"x" * (number % 3))
    lines = probe(server, "list", "many/").splitlines()
    assert lines == [f"{number % 3} many/{number:04} é" for number in range(1005)]


def test_what_boto3_wrote_is_read_and_the_other_way_round(server, tmp_path):
    client, large = server.client(), plan_bytes((12 << 20) + 5, 3)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(large)
    client.upload_file(str(ours), "team", "boto/large")
    probe(server, "get", "boto/large", theirs, len(large))
    assert theirs.read_bytes() == large
    probe(server, "put", "ours/large", ours)
    client.download_file("team", "ours/large", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == large


def test_an_object_of_another_size_is_refused_before_it_is_read(server, tmp_path):
    server.client().put_object(Bucket="team", Key="short", Body=b"12")
    said = probe(server, "get", "short", tmp_path / "x", 3, status=1)
    assert "the object has 2 bytes, 3 were expected" in said


def test_a_conditional_write_meets_what_is_there(server, tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"x")
    probe(server, "create", "once", file)
    if server.enforces_conditions:
        assert probe(server, "create", "once", file, status=1).startswith("conditionFailed")


@pytest.mark.parametrize("settings, code, hint", [
    ({"AWS_SECRET_ACCESS_KEY": "wrong/secret"}, "credentialsRefused", "AWS_SECRET_ACCESS_KEY"),
    ({"AWS_ACCESS_KEY_ID": "AKIDNOBODY"}, "credentialsRefused", "access key"),
    ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentialsMissing", "AWS_ACCESS_KEY_ID"),
    ({"S3_PROBE_BUCKET": "nobody"}, "bucketMissing", "storage.bucket"),
    ({"S3_PROBE_CLOCK_OFFSET": -7200}, "clockSkewed", "set the clock"),
    ({"S3_PROBE_CLOCK_OFFSET": 7200}, "clockSkewed", "set the clock"),
    ({"S3_PROBE_ENDPOINT": "http://127.0.0.1:1", "S3_PROBE_ATTEMPTS": 2}, "unreachable", "Connection refused"),
    ({"S3_PROBE_ENDPOINT": "http://no.such.host.invalid", "S3_PROBE_ATTEMPTS": 1}, "unreachable", "storage.endpoint"),
])
def test_refusals_have_names_and_mends_and_no_secret(server, settings, code, hint):
    said = probe(server, "list", "x", status=1, **settings)
    assert said.startswith(f"{code}: ") and hint in said and said.count("\n") == 1
    assert "wrong/secret" not in said and "wJalr" not in said


def test_a_server_without_tls_is_told_from_a_bad_certificate(server):
    said = probe(server, "list", "x", status=1, S3_PROBE_ENDPOINT=server.endpoint.replace("http", "https"),
                 S3_PROBE_ATTEMPTS=1)
    assert said.startswith("unreachable") and "check whether the server speaks https" in said


def test_what_the_credentials_do_not_allow_is_denied(server, tmp_path):
    if server.name != "seaweedfs":
        pytest.skip("this server has one user only")
    (tmp_path / "x").write_bytes(b"x")
    reader = {"AWS_ACCESS_KEY_ID": READER_KEY, "AWS_SECRET_ACCESS_KEY": READER_SECRET}
    assert probe(server, "put", "x", tmp_path / "x", status=1, **reader).startswith("denied")
    assert probe(server, "list", "nothing", **reader) == ""
