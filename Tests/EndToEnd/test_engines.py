"""`engines`: push, pull, list, verify, prune, pin, keygen, sign, and what is refused by name."""
import json
import os
import pathlib
import stat

import pytest

from conftest import run
from engine_tools import info
from s3_servers import SECRET_KEY
from store_tools import (PREFIX, bucket_environment, check_folder, check_whole, engines, put_engine, server_parameters,
                         start_server, visible)


@pytest.fixture(scope="module", params=server_parameters())
def server(request, tmp_path_factory):
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


@pytest.fixture
def env(server, request):
    """A prefix for each test."""
    return bucket_environment(server, ARCFACE_STORAGE_PREFIX=f"{request.node.originalname}/")


@pytest.fixture
def here(tmp_path):
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.fixture
def there(tmp_path):
    (tmp_path / "there/engines").mkdir(parents=True)
    return tmp_path / "there"


def objects(server, env):
    return visible(server, env["ARCFACE_STORAGE_PREFIX"])


def put_object(server, env, key, data):
    server.client().put_object(Bucket="team", Key=env["ARCFACE_STORAGE_PREFIX"] + key, Body=data)


def key_of(server, env, ending):
    return next(key for key in objects(server, env) if key.endswith(ending))


def make_key(folder, name="team.key"):
    """A key pair; gives the private key's path and the public key's text."""
    result = run("engines", "keygen", folder / name)
    assert result.returncode == 0, result.stderr
    return folder / name, result.stdout.strip()


def test_push_list_pull_and_verify(server, env, here, there):
    plan = put_engine(here, 200_000)
    (pushed,) = engines("push", place=here, env=env)
    assert pushed["ok"] and "stored as s3://team/" in pushed["text"]
    (listed,) = engines("list", "--remote", place=there, env=env)
    assert listed["name"] == "r100-fp16-sm86.plan" and listed["bytes"] == 200_000 and "problem" not in listed
    assert check_whole(objects(server, env))
    (pulled,) = engines("pull", "r100-fp16-sm86", place=there, env=env)
    assert "fetched and verified" in pulled["text"]
    assert (there / "engines" / plan.name).read_bytes() == plan.read_bytes()
    assert "is there already" in engines("pull", place=there, env=env)[0]["text"]
    assert "is there already" in engines("push", place=there, env=env)[0]["text"]
    for place, where in ((there, ()), (there, ("--remote",))):
        assert engines("verify", *where, place=place, env=env)[0]["text"] == "whole, not signed"


def test_engines_of_one_name_live_side_by_side(server, env, here, there):
    put_engine(here, seed=1)
    engines("push", place=here, env=env)

    def newer(manifest):
        manifest["runtime"]["version"] = "10.9.0.1"
    put_engine(here, seed=2, change=newer)
    engines("push", place=here, env=env)
    items = engines("list", "--remote", place=here, env=env)
    assert len(items) == 2 and len({item["identity"] for item in items}) == 2
    assert {item["name"] for item in items} == {"r100-fp16-sm86.plan"}
    engines("pull", place=there, env=env)
    assert len(check_folder(there)) == 2
    assert len(engines("verify", place=there, env=env)) == 2
    wanted = items[0]["identity"]
    (one,) = engines("verify", wanted[:8], "--remote", place=here, env=env)
    assert wanted in one["id"]


def test_an_engine_that_is_there_stays_unless_replaced(server, env, here):
    put_engine(here, seed=1)
    engines("push", place=here, env=env)
    before = objects(server, env)
    put_engine(here, seed=2)
    assert "another build of it is there and stays" in engines("push", place=here, env=env)[0]["text"]
    assert objects(server, env) == before
    engines("push", "--replace", place=here, env=env)
    after = objects(server, env)
    assert check_whole(after) and after != before and len(after) == 2


def test_a_non_commercial_model_is_not_shared_by_mistake(server, env, here):
    put_engine(here, change=lambda manifest: manifest["model"].update(license="CC-BY-NC-4.0"))
    said = engines("push", place=here, env=env, status=78)
    assert "CC-BY-NC-4.0" in said and "--accept-license" in said
    assert not objects(server, env)
    engines("push", "--accept-license", place=here, env=env)
    assert engines("list", "--remote", place=here, env=env)[0]["license"] == "CC-BY-NC-4.0"


def test_names_that_nothing_has_are_errors(env, here):
    put_engine(here)
    assert "there is no such engine" in engines("push", "nobody", place=here, env=env, status=66)
    assert "there is no such engine" in engines("pull", "nobody", place=here, env=env, status=66)


def test_settings_that_cannot_be_are_errors(server, env, here):
    put_engine(here)
    for name, value, hint in [("BUCKET", "A_B", "storage.bucket"), ("ENDPOINT", "http://x:99999", "storage.endpoint"),
                              ("PREFIX", "../x/", "storage.prefix"), ("CA_FILE", "/nowhere.pem", "storage.ca_file")]:
        said = engines("push", place=here, env=env | {f"ARCFACE_STORAGE_{name}": value}, status=78)
        assert hint in said
    without = {name: value for name, value in env.items() if name != "ARCFACE_STORAGE_BUCKET"}
    assert "no bucket is named" in engines("push", place=here, env=without, status=78)
    wrong = env | {"AWS_SECRET_ACCESS_KEY": "wrong/secret"}
    said = engines("push", place=here, env=wrong, status=69)
    assert "SignatureDoesNotMatch" in said and "wrong/secret" not in said
    skewed = env | {"ARCFACE_TEST_S3_CLOCK_OFFSET": "-7200"}
    assert "clock" in engines("push", place=here, env=skewed, status=69)


def test_no_secret_is_written_anywhere(server, env, here):
    key, _ = make_key(here)
    secret = key.read_text().strip().split(":")[1]
    put_engine(here)
    signing = env | {"ARCFACE_SIGNING_KEY": key.read_text(), "LOG_LEVEL": "trace", "AWS_SESSION_TOKEN": ""}
    texts = []
    for line in (["engines", "sign"], ["engines", "push"], ["engines", "list", "--remote", "--json"], ["config", "show"],
                 ["config", "show", "--json"], ["engines", "push", "--bucket", "missing-bucket"]):
        where = ["--engine-dir", "engines"] if line[0] == "engines" else []
        result = run(*line, *where, cwd=here, env=signing)
        texts += [result.stdout, result.stderr]
    texts += [data.decode("latin-1") for data in objects(server, env).values()]
    texts += [path.read_bytes().decode("latin-1") for path in (here / "engines").iterdir()]
    assert any('"signature"' in text for text in texts)
    for text in texts:
        assert SECRET_KEY not in text and secret not in text


# Signatures


def test_keygen_writes_a_private_file_once(tmp_path):
    key, public = make_key(tmp_path)
    assert public.startswith("ed25519:") and key.read_text().startswith("ed25519-private:")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = run("engines", "keygen", key)
    assert again.returncode == 73 and "never replaced" in again.stderr
    assert make_key(tmp_path, "other.key")[1] != public


def test_a_key_that_others_may_read_is_refused(env, here):
    key, _ = make_key(here)
    put_engine(here)
    key.chmod(0o644)
    assert "chmod 600" in engines("sign", "--key", key, place=here, env=env, status=78)
    key.chmod(0o600)
    assert "signed with ed25519:" in engines("sign", "--key", key, place=here, env=env)[0]["text"]


def test_a_private_key_in_the_configuration_is_refused_and_not_shown(env, here):
    key, _ = make_key(here)
    text = key.read_text().strip()
    result = run("config", "show", cwd=here, env=env | {"ARCFACE_STORAGE_PUBLIC_KEYS": text})
    assert result.returncode == 78 and "private key" in result.stderr


@pytest.fixture
def signed(server, env, here, there):
    """A pushed engine with the team's signature, and an environment that requires it."""
    key, public = make_key(here)
    put_engine(here, 50_000)
    engines("sign", "--key", key, place=here, env=env)
    engines("push", place=here, env=env)
    return env | {"ARCFACE_STORAGE_REQUIRE_SIGNATURE": "true", "ARCFACE_STORAGE_PUBLIC_KEYS": public}, key


def refuse(words, there, strict):
    """Pulling fails with these words and leaves nothing."""
    said = engines("pull", place=there, env=strict, status=65)
    assert words in said, said
    assert check_folder(there) == []


def test_a_signed_engine_is_taken(signed, there):
    strict, _ = signed
    engines("pull", place=there, env=strict)
    assert "signed by ed25519:" in engines("verify", place=there, env=strict)[0]["text"]


def test_an_unsigned_engine_is_refused(server, env, signed, there):
    strict, _ = signed
    key = key_of(server, env, ".json")
    manifest = json.loads(objects(server, env)[key])
    del manifest["signature"]
    put_object(server, env, key, json.dumps(manifest).encode())
    refuse("nobody signed this engine", there, strict)


def test_a_stranger_s_signature_is_refused(server, env, signed, here, there):
    strict, _ = signed
    stranger, _ = make_key(here, "stranger.key")
    engines("sign", "--key", stranger, place=here, env=env)
    engines("push", "--replace", place=here, env=env)
    refuse("signed by a stranger", there, strict)


def test_an_altered_manifest_is_refused(server, env, signed, there):
    strict, _ = signed
    key = key_of(server, env, ".json")
    put_object(server, env, key, objects(server, env)[key].replace(b'"embedding_width" : 512', b'"embedding_width" : 513'))
    refuse("something was altered", there, strict)
    # Even where no signature is required, a wrong one is.
    said = engines("pull", place=there, env=env, status=65)
    assert "something was altered" in said


def test_an_altered_plan_is_refused(server, env, signed, there):
    strict, _ = signed
    key = key_of(server, env, ".plan")
    plan = bytearray(objects(server, env)[key])
    plan[12_345] ^= 1
    put_object(server, env, key, bytes(plan))
    refuse("file altered: digest", there, strict)
    assert "file altered" in engines("verify", "--remote", place=there, env=env, status=65)


def test_a_plan_of_another_length_is_refused(server, env, signed, there):
    strict, _ = signed
    key = key_of(server, env, ".plan")
    put_object(server, env, key, objects(server, env)[key][:-1])
    refuse("the object has 49999 bytes, 50000 were expected", there, strict)


def test_a_swapped_manifest_is_refused(server, env, signed, here, there):
    """Another engine's manifest, rightly signed, under this one's key."""
    strict, key = signed
    mine = key_of(server, env, ".json")
    put_engine(here, seed=9, change=lambda manifest: manifest.update(embedding_width=128, created="2026-02-01T00:00:00Z")
               or manifest["batch"]["profiles"].append({"min": 1, "opt": 64, "max": 64}))
    engines("sign", "--key", key, place=here, env=env)
    engines("push", place=here, env=env)
    other = next(name for name in objects(server, env) if name.endswith(".json") and name != mine)
    put_object(server, env, mine, objects(server, env)[other])
    server.client().delete_object(Bucket="team", Key=env["ARCFACE_STORAGE_PREFIX"] + other)
    refuse("this is the manifest of another engine", there, strict)


def test_a_key_that_leads_elsewhere_is_refused(server, env, signed, there):
    strict, _ = signed
    put_object(server, env, "r100-fp16-sm86/" + "0" * 64 + ".txt", b"x")
    put_object(server, env, "stray.json", b"x")
    names = {item["id"]: item.get("problem") for item in engines("list", "--remote", place=there, env=strict)}
    assert sum("isn't the key of an engine" in (problem or "") for problem in names.values()) == 2
    engines("pull", "r100-fp16-sm86", place=there, env=strict)
    assert check_folder(there) == ["r100-fp16-sm86.plan"]
    assert [path.name for path in there.iterdir()] == ["engines"]


def test_a_listing_with_dots_is_refused_by_name(there):
    """A server that lists `..`: nothing of it becomes a path."""
    from lying_server import LyingServer
    with LyingServer([f"{PREFIX}../../../etc/passwd", f"{PREFIX}r100-fp16-sm86/../../x.json", "elsewhere/y.json"]) as server:
        env = bucket_environment(server.endpoint)
        problems = [item.get("problem") for item in engines("list", "--remote", place=there, env=env)]
        assert len(problems) == 3 and all("this isn't the key of an engine" in problem for problem in problems)
        assert engines("pull", place=there, env=env, status=65).count("isn't the key of an engine") == 3
    assert [path.name for path in there.iterdir()] == ["engines"] and not list((there / "engines").iterdir())


def test_a_link_in_the_folder_is_refused(server, env, signed, here, there, tmp_path):
    strict, _ = signed
    plan = here / "engines/r100-fp16-sm86.plan"
    moved = tmp_path / "elsewhere.plan"
    plan.rename(moved)
    plan.symlink_to(moved)
    assert "symbolic link" in engines("push", place=here, env=strict, status=65)
    assert "symbolic link" in engines("verify", place=here, env=strict, status=65)


def test_info_names_what_is_not_trusted(env, signed, here):
    strict, _ = signed
    plan = here / "engines/r100-fp16-sm86.plan"
    manifest = json.loads(plan.with_name(plan.name + ".json").read_text())
    del manifest["signature"]
    plan.with_name(plan.name + ".json").write_text(json.dumps(manifest))
    report = info(here, plan, env=strict)
    assert not report["runnable"] and any("nobody signed this engine" in text for text in report["obstacles"])


# The folder's size


def test_the_least_recently_used_engines_go_first(env, here):
    for number in range(4):
        path = put_engine(here, 1 << 20, seed=number, model=f"m{number}")
        os.utime(path, (1_000_000_000 + number, 1_000_000_000))
    engines("pin", "m0-fp16-sm86", place=here, env=env)
    rehearsal = engines("prune", "--max-size-mb", 3, "--dry-run", place=here, env=env)
    assert [item["id"] for item in rehearsal if "would be deleted" in item["text"]] == [
        "m1-fp16-sm86.plan", "m2-fp16-sm86.plan"]
    assert len(check_folder(here)) == 4
    engines("prune", "--max-size-mb", 3, place=here, env=env)
    assert sorted(check_folder(here)) == ["m0-fp16-sm86.plan", "m3-fp16-sm86.plan"]
    engines("unpin", "m0-fp16-sm86", place=here, env=env)
    engines("prune", "--max-size-mb", 0, place=here, env=env)
    assert check_folder(here) == [] and not [p for p in (here / "engines").iterdir() if p.suffix == ".pin"]


def test_pulling_clears_out_the_folder(server, env, here, there):
    for number in range(3):
        put_engine(here, 1 << 20, seed=number, model=f"m{number}")
    engines("push", place=here, env=env)
    engines("pull", place=there, env=env | {"ARCFACE_STORAGE_MAX_SIZE_MB": "2"})
    assert check_folder(there) == ["m2-fp16-sm86.plan"]


def test_a_full_disk_leaves_no_engine(server, env, here, there):
    import resource
    put_engine(here, 3 << 20)
    engines("push", place=here, env=env)
    result = run("engines", "pull", "--engine-dir", "engines", cwd=there, env=env,
                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
    assert result.returncode == 74 and "free some space" in result.stderr
    assert check_folder(there) == [] and not list((there / "engines").glob(".*.tmp"))
