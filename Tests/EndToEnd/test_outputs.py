"""The files that `embed` writes, and how a job survives being stopped."""
import json
import os
import pty
import re
import signal
import subprocess
import time

import numpy as np
import pytest

from conftest import BINARY, PHOTO, ROOT, SFACE, embed, environment, rows_of


def test_the_archive_names_its_arrays(tmp_path):
    embed(PHOTO, "--output", tmp_path / "f.npz")
    data = np.load(tmp_path / "f.npz")
    shapes = {name: (data[name].shape, data[name].dtype.str) for name in data.files}
    assert shapes == {"embeddings": ((6, 128), "<f4"), "norms": ((6,), "<f4"), "boxes": ((6, 4), "<f4"),
                      "landmarks": ((6, 5, 2), "<f4"), "scores": ((6,), "<f4"), "image_index": ((6,), "<i8")}
    assert np.allclose(np.linalg.norm(data["embeddings"], axis=1), 1, atol=1e-6)
    assert (data["norms"] > 1).all() and (data["scores"] >= 0.6).all()
    rows = rows_of(tmp_path / "f.npz")
    assert [row["row"] for row in rows] == list(range(6))
    assert {row["image"] for row in rows} == {str(PHOTO)}
    assert np.allclose([row["box"] for row in rows], data["boxes"])
    assert np.allclose([row["norm"] for row in rows], data["norms"])


def test_the_three_formats_hold_the_same_vectors(tmp_path):
    for suffix in ("npz", "npy", "jsonl"):
        embed(PHOTO, "--output", tmp_path / f"f.{suffix}")
    archive = np.load(tmp_path / "f.npz")["embeddings"]
    assert np.array_equal(archive, np.load(tmp_path / "f.npy"))
    lines = [row["embedding"] for row in rows_of(tmp_path / "f.jsonl")]
    assert np.array_equal(archive, np.array(lines, np.float32))
    assert not list(tmp_path.glob("*.partial")) and not list(tmp_path.glob("*.tmp"))


def test_equal_jobs_write_equal_files(aligned_faces, tmp_path):
    for name, threads in (("a", 1), ("b", 2)):
        embed(*aligned_faces, "--aligned", "--threads", threads, "--output", tmp_path / f"{name}.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_json_is_one_object_on_standard_output(tmp_path):
    result = embed(PHOTO, tmp_path / "none.jpg", "--output", tmp_path / "f.npz", "--json")
    summary = json.loads(result.stdout)
    assert (summary["faces"], summary["inputs"], summary["failed"]) == (6, 1, 1)
    assert summary["backend"] == "onnxruntime" and summary["embedding_width"] == 128


def test_faces_largest_keeps_the_largest(tmp_path):
    embed(PHOTO, "--output", tmp_path / "all.npz")
    embed(PHOTO, "--output", tmp_path / "one.npz", "--faces", "largest")
    boxes = np.load(tmp_path / "all.npz")["boxes"]
    one = np.load(tmp_path / "one.npz")["boxes"]
    assert np.array_equal(one, boxes[(boxes[:, 2] * boxes[:, 3]).argmax()][None])


def test_aligned_inputs_have_no_box(aligned_faces, tmp_path):
    embed(aligned_faces[0], "--aligned", "--output", tmp_path / "f.npz")
    data = np.load(tmp_path / "f.npz")
    assert np.isnan(data["boxes"]).all() and np.isnan(data["scores"]).all()


def test_aligned_wants_112_by_112(tmp_path):
    result = embed(PHOTO, "--aligned", "--output", tmp_path / "f.npz", status=1)
    assert "1280×886" in result.stderr and "112×112" in result.stderr


@pytest.fixture(scope="module")
def many(aligned_faces, tmp_path_factory):
    """A list of 2,000 aligned inputs: several seconds of work."""
    path = tmp_path_factory.mktemp("many") / "list.txt"
    path.write_text("".join(f"{aligned_faces[n % 200]}\n" for n in range(2000)))
    return path


def start(many, output, *options, **popen):
    command = [BINARY, "embed", many, "--aligned", "--model", SFACE, "--output", output, *options]
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment(), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **popen)


def wait_for_rows(output, process, at_least=50_000):
    """Waits until the journal has grown, so that the signal comes in mid-job."""
    journal = output.parent / f"{output.name}.partial" / "rows.jsonl"
    for _ in range(600):
        if journal.exists() and journal.stat().st_size > at_least:
            return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    raise AssertionError("the job wrote nothing")


@pytest.fixture(scope="module")
def whole(many, tmp_path_factory):
    output = tmp_path_factory.mktemp("whole") / "f.npz"
    embed(many, "--aligned", "--output", output)
    return np.load(output)["embeddings"]


def test_sigint_finishes_the_batch_and_resume_completes_it(many, whole, tmp_path):
    output = tmp_path / "f.npz"
    process = start(many, output)
    wait_for_rows(output, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "--resume" in errors
    begun = len(np.load(output)["embeddings"])
    assert 0 < begun < 2000 and begun == len(rows_of(output))
    embed(many, "--aligned", "--output", output, "--resume")
    assert np.array_equal(np.load(output)["embeddings"], whole)
    assert [row["image_index"] for row in rows_of(output)] == list(range(2000))
    assert not (tmp_path / "f.npz.partial").exists()


def test_a_killed_job_is_resumed(many, whole, tmp_path):
    output = tmp_path / "f.npz"
    for _ in range(3):
        process = start(many, output, "--resume")
        wait_for_rows(output, process)
        time.sleep(0.3)
        process.kill()
        process.communicate()
        assert not output.exists()
    embed(many, "--aligned", "--output", output, "--resume")
    assert np.array_equal(np.load(output)["embeddings"], whole)


def test_resume_of_another_job_is_refused(many, aligned_faces, tmp_path, tiny_model):
    output = tmp_path / "f.npz"
    process = start(many, output)
    wait_for_rows(output, process)
    process.kill()
    process.communicate()
    result = embed(many, "--aligned", "--output", output, "--resume", "--model", tiny_model, status=65)
    assert "other settings" in result.stderr
    result = embed(many, "--aligned", "--output", output, "--resume", "--precision", "fp16", status=65)
    assert "other settings" in result.stderr
    result = embed(aligned_faces[1], "--aligned", "--output", output, "--resume", status=65)
    assert "f.npz.partial" in result.stderr


def test_resume_of_a_finished_job_does_nothing(aligned_faces, tmp_path):
    embed(*aligned_faces, "--aligned", "--output", tmp_path / "f.npz")
    before = (tmp_path / "f.npz").stat().st_mtime_ns
    result = embed(*aligned_faces, "--aligned", "--output", tmp_path / "f.npz", "--resume")
    assert "complete" in result.stderr and (tmp_path / "f.npz").stat().st_mtime_ns == before


def test_memory_does_not_grow_with_the_inputs(aligned_faces, tiny_model, tmp_path):
    peaks = {}
    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.txt"
        path.write_text("".join(f"{aligned_faces[n % 200]}\n" for n in range(count)))
        command = ["/usr/bin/env", "python3", "-c",
                   "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stderr=subprocess.DEVNULL);"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
                   BINARY, "embed", path, "--aligned", "--model", tiny_model, "--output", tmp_path / f"{count}.npz"]
        output = subprocess.run(list(map(str, command)), cwd=ROOT, env=environment(), capture_output=True, text=True)
        peaks[count] = int(output.stdout) / 1024
        assert len(np.load(tmp_path / f"{count}.npz")["embeddings"]) == count
    growth = peaks[20_000] - peaks[2_000]
    print(f"peak RSS: {peaks[2_000]:.1f} MB at 2,000 inputs, {growth:+.1f} MB at 20,000")
    assert growth < 10


def on_a_terminal(arguments):
    """Runs the command with standard error on a pseudo-terminal and returns what it drew."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(list(map(str, arguments)), cwd=ROOT, env=environment(TERM="xterm"), stderr=follower,
                               stdout=subprocess.PIPE)
    os.close(follower)
    drawn = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        drawn += part
    assert process.wait() == 0 and process.stdout.read() == b""
    return drawn.decode()


def test_a_terminal_gets_a_bar_and_a_file_gets_lines(many, tiny_model, tmp_path):
    drawn = on_a_terminal([BINARY, "embed", many, "--aligned", "--model", tiny_model, "--output", tmp_path / "a.npz"])
    assert "\r" in drawn and "█" in drawn and re.search(r"faces/s", drawn) and re.search(r"\d+ s left", drawn)
    result = embed(many, "--aligned", "--model", tiny_model, "--output", tmp_path / "b.npz")
    assert "\r" not in result.stderr and "█" not in result.stderr and result.stdout == ""
