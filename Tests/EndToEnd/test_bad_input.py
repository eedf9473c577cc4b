"""Bad input gets one line that says what and where, never a crash, and the rest of the job goes on."""
import os
import shutil
import struct
import subprocess
import zlib

import cv2
import numpy as np
import pytest

from conftest import BINARY, PHOTO, ROOT, SFACE, embed, environment, rows_of, run

GOOD = 6  # faces of the photo that goes with each bad input


def jpeg_header(width, height):
    """A JPEG that ends after its frame header."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"


def png_chunk(kind, data, checksum=None):
    checksum = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def png(width, height, rows=b"", checksum=None):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows), checksum)
            + png_chunk(b"IEND", b""))


def no_face():
    return cv2.imencode(".jpg", np.full((200, 300, 3), 127, np.uint8))[1].tobytes()


BAD = {
    "empty.jpg": (b"", "empty"),
    "truncated.jpg": (PHOTO.read_bytes()[:40_000], "truncated"),
    "badcrc.png": (png(4, 4, b"".join(b"\0" + bytes(12) for _ in range(4)), checksum=1), "corrupt"),
    "text.jpg": (b"this is no photo, it is a note\n" * 20, "unsupportedFormat"),
    "onepixel.png": (png(1, 1, b"\0\x10\x20\x30"), "noFace"),
    "huge.jpg": (jpeg_header(60_000, 60_000), "tooLarge"),
    "huge.png": (png(60_000, 60_000), "tooLarge"),
    "noface.jpg": (no_face(), "noFace"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_photo_costs_one_line_and_the_rest_goes_on(name, tmp_path):
    data, code = BAD[name]
    (tmp_path / name).write_bytes(data)
    result = embed(tmp_path / name, PHOTO, "--output", tmp_path / "faces.npz")
    lines = [line for line in result.stderr.splitlines() if name in line]
    assert len(lines) == 1, result.stderr
    print(lines[0].replace(str(tmp_path), "…"))
    assert np.load(tmp_path / "faces.npz")["embeddings"].shape == (GOOD, 128)
    failed = [row for row in rows_of(tmp_path / "faces.npz") if row["row"] is None]
    assert [(row["image"], row["code"]) for row in failed] == [(str(tmp_path / name), code)]
    assert name in failed[0]["error"]
    # --strict fails the command, but only after the job.
    embed(tmp_path / name, PHOTO, "--output", tmp_path / "strict.npz", "--strict", status=1)
    assert np.load(tmp_path / "strict.npz")["embeddings"].shape == (GOOD, 128)


def test_a_huge_header_is_refused_before_memory_is_taken(tmp_path):
    (tmp_path / "huge.png").write_bytes(png(60_000, 60_000))
    # 60,000² pixels take 10.8 GB; the limit allows the model and no more.
    limited = ["bash", "-c", 'ulimit -v 3000000; exec "$@"', "-", BINARY, "embed", tmp_path / "huge.png", PHOTO,
               "--model", SFACE, "--output", tmp_path / "f.npz"]
    result = subprocess.run(list(map(str, limited)), cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "60000" in result.stderr.replace(",", "").replace(" ", "")


def test_only_bad_inputs_is_a_failure(tmp_path):
    (tmp_path / "noface.jpg").write_bytes(no_face())
    embed(tmp_path / "noface.jpg", "--output", tmp_path / "faces.npz", status=1)
    assert np.load(tmp_path / "faces.npz")["embeddings"].shape == (0, 128)


def one_line(result, *words):
    """The error is one line that holds all words."""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: "), result.stderr
    for word in words:
        assert word in lines[0], lines[0]
    assert result.stdout == ""


def test_a_folder_without_photos(tmp_path):
    (tmp_path / "empty").mkdir()
    one_line(embed(tmp_path / "empty", "--output", tmp_path / "f.npz", status=66), "empty", "no photo")


def test_a_missing_path(tmp_path):
    one_line(embed(tmp_path / "missing.jpg", "--output", tmp_path / "f.npz", status=66), "missing.jpg")


def test_a_missing_model(tmp_path):
    result = embed(PHOTO, "--output", tmp_path / "f.npz", "--model", tmp_path / "missing.onnx", status=66)
    one_line(result, "missing.onnx")


def test_a_truncated_model(tmp_path):
    (tmp_path / "cut.onnx").write_bytes(SFACE.read_bytes()[:1_000_000])
    one_line(embed(PHOTO, "--output", tmp_path / "f.npz", "--model", tmp_path / "cut.onnx", status=65), "cut.onnx")


def test_a_text_file_as_model(tmp_path):
    (tmp_path / "model.onnx").write_text("version https://git-lfs.github.com/spec/v1\n")
    one_line(embed(PHOTO, "--output", tmp_path / "f.npz", "--model", tmp_path / "model.onnx", status=65), "model.onnx")


def test_an_onnx_that_is_no_face_model(tmp_path):
    import onnx
    from onnx import TensorProto, helper

    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 10])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [value("x")], [value("y")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    result = embed(PHOTO, "--output", tmp_path / "f.npz", "--model", tmp_path / "m.onnx", status=65)
    one_line(result, "m.onnx", "face")


def failing_model(tiny_model, path):
    """The tiny model with a table of four numbers behind it, looked up by how bright the brightest pixel is: most fail."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(tiny_model)
    model.graph.node[-1].output[0] = "plain"
    model.graph.node.extend([
        helper.make_node("ReduceMax", ["data"], ["bright"], keepdims=0),
        helper.make_node("Mul", ["bright", "thousand"], ["scaled"]),
        helper.make_node("Cast", ["scaled"], ["place"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "place"], ["found"]),
        helper.make_node("Add", ["plain", "found"], ["fc1"])])
    model.graph.initializer.extend([numpy_helper.from_array(np.float32(1000), "thousand"),
                                    numpy_helper.from_array(np.zeros(4, np.float32), "table")])
    onnx.save(model, path)
    return path


def test_a_runtime_that_fails_while_computing(tiny_model, demo_faces, tmp_path):
    """The model is sound as far as anybody can tell beforehand; it is the faces that it can't bear."""
    model = failing_model(tiny_model, tmp_path / "failing.onnx")
    result = embed(*demo_faces, "--aligned", "--output", tmp_path / "f.npz", "--model", model, "--runtime", "onnxruntime",
                   status=70)
    error = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    # ONNX Runtime's own words, with the model's name.
    assert len(error) == 1 and "failing.onnx" in error[0] and "out of data bounds" in error[0], result.stderr
    assert result.stderr.splitlines()[-1] == error[0] and not (tmp_path / "f.npz").exists()

    result = run("model", "prepare", model, "-o", tmp_path / "int8.onnx", "--precision", "int8", "--calibration-faces",
                 *demo_faces[:1], *(word for path in demo_faces[1:] * 4 for word in ("--calibration-faces", path)))
    assert result.returncode == 70 and "out of data bounds" in result.stderr
    assert not (tmp_path / "int8.onnx").exists() and not list(tmp_path.glob("*.json"))


def test_a_list_that_names_missing_files(tmp_path):
    (tmp_path / "list.txt").write_text(f"gone1.jpg\n{PHOTO}\n# a comment\n\ngone2.jpg\n")
    result = embed(tmp_path / "list.txt", "--output", tmp_path / "faces.npz")
    assert sum("gone" in line for line in result.stderr.splitlines()) == 2
    assert [row["code"] for row in rows_of(tmp_path / "faces.npz") if row["row"] is None] == ["notFound"] * 2


def test_a_missing_output_folder(tmp_path):
    one_line(embed(PHOTO, "--output", tmp_path / "none" / "f.npz", status=73), "none")


def test_an_unknown_output_suffix(tmp_path):
    one_line(embed(PHOTO, "--output", tmp_path / "f.csv", status=73), "f.csv", ".npz")


def test_a_full_disk(tmp_path, aligned_faces):
    """A file-size limit behaves as a full disk does: the write fails midway. What was written can be continued."""
    output = tmp_path / "f.npz"
    arguments = [BINARY, "embed", *aligned_faces, "--aligned", "--model", SFACE, "--output", output]
    limited = ["bash", "-c", "trap '' XFSZ; ulimit -f 32; exec \"$@\"", "-", *arguments]
    result = subprocess.run(list(map(str, limited)), cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert result.returncode == 74, result.stderr
    assert result.stderr.strip().splitlines()[-1].startswith("error: ") and "--resume" in result.stderr
    assert not output.exists() and not list(tmp_path.glob("*.tmp"))
    embed(*aligned_faces, "--aligned", "--output", output, "--resume")
    embed(*aligned_faces, "--aligned", "--output", tmp_path / "g.npz")
    assert np.array_equal(np.load(output)["embeddings"], np.load(tmp_path / "g.npz")["embeddings"])


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk needs root")
def test_a_really_full_disk(tmp_path, aligned_faces):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]).returncode != 0:
        pytest.skip("this system lets nobody mount a tmpfs")
    try:
        result = embed(*aligned_faces, "--aligned", "--output", disk / "f.npz", status=74)
        assert "space" in result.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_standard_output_that_is_full(tmp_path):
    with open("/dev/full", "w") as full:
        result = subprocess.run([str(BINARY), "embed", str(PHOTO), "--model", str(SFACE), "--output",
                                 str(tmp_path / "f.npz"), "--json"], cwd=ROOT, env=environment(), stdout=full,
                                stderr=subprocess.PIPE, text=True)
    assert result.returncode == 74 and "standard output" in result.stderr


def test_wrong_options(tmp_path):
    for arguments in (["--batch-size", "0"], ["--threads", "-1"], ["--faces", "some"], ["--min-score", "2"]):
        result = run("embed", PHOTO, "--output", tmp_path / "f.npz", "--model", SFACE, *arguments)
        assert result.returncode in (64, 78), (arguments, result.stderr)
