"""Detection and alignment against OpenCV 5: the same faces, the same landmarks, the same crops."""
import json

import cv2
import numpy as np
import pytest

from conftest import DATA, PHOTO, YUNET, embed, needs_data, psnr, rows_of, similarity_transform


def photos():
    yield pytest.param([PHOTO], id="demo")
    extra = sorted((DATA / "photos-color").glob("*.jpg")) + sorted((DATA / "photos").glob("*/*.jpg"))
    yield pytest.param(extra, id="data", marks=needs_data)


def opencv_faces(path):
    image = cv2.imread(str(path))
    detector = cv2.FaceDetectorYN.create(str(YUNET), "", image.shape[1::-1], score_threshold=0.6, nms_threshold=0.3,
                                         top_k=5000)
    _, faces = detector.detect(image)
    return np.empty((0, 15), np.float32) if faces is None else faces


@pytest.mark.parametrize("paths", photos())
def test_equal_faces_and_landmarks(paths, tmp_path):
    embed(*paths, "--output", tmp_path / "faces.npz")
    data = np.load(tmp_path / "faces.npz")
    worst = worst_box = 0
    for index, path in enumerate(paths):
        ours = data["image_index"] == index
        theirs = opencv_faces(path)
        assert ours.sum() == len(theirs), path
        if len(theirs) == 0:
            continue
        # Equal scores may be ordered either way, so faces are matched by their boxes.
        distance = np.abs(data["boxes"][ours][:, None] - theirs[None, :, :4]).max(2)
        match = distance.argmin(1)
        assert sorted(match) == list(range(len(theirs))), path
        worst_box = max(worst_box, distance.min(1).max())
        worst = max(worst, np.abs(data["landmarks"][ours].reshape(-1, 10) - theirs[match, 4:14]).max())
        assert np.abs(data["scores"][ours] - theirs[match, 14]).max() < 1e-3
    print(f"{len(paths)} photos, {len(data['scores'])} faces: landmarks ≤ {worst:.4f} px, boxes ≤ {worst_box:.4f} px")
    assert worst <= 0.05


@pytest.mark.parametrize("paths", photos())
def test_crops_from_the_same_landmarks(paths, tmp_path):
    lines, expected = [], []
    for path in paths:
        for face in opencv_faces(path):
            points = face[4:14].reshape(5, 2)
            lines.append(json.dumps({"image": str(path), "landmarks": points.tolist()}))
            expected.append(warp(path, points))
    (tmp_path / "landmarks.jsonl").write_text("\n".join(lines) + "\n")
    embed(*paths, "--landmarks", tmp_path / "landmarks.jsonl", "--output", tmp_path / "f.npz", "--crops",
          tmp_path / "crops")
    crops = [cv2.imread(str(path)) for path in sorted((tmp_path / "crops").glob("*.png"))]
    assert len(crops) == len(expected)
    lowest = min(map(psnr, crops, expected))
    print(f"{len(crops)} crops from the same landmarks: PSNR ≥ {lowest:.1f} dB")
    assert lowest >= 60


@pytest.mark.parametrize("paths", photos())
def test_crops_from_our_own_landmarks(paths, tmp_path):
    embed(*paths, "--output", tmp_path / "f.npz", "--crops", tmp_path / "crops")
    ours = [row for row in rows_of(tmp_path / "f.npz") if row["row"] is not None]
    crops = [cv2.imread(str(path)) for path in sorted((tmp_path / "crops").glob("*.png"))]
    assert len(crops) == len(ours)
    lowest = np.inf
    for row, crop in zip(ours, crops):
        faces = opencv_faces(row["image"])
        nearest = faces[np.abs(faces[:, :4] - row["box"]).max(1).argmin()]
        lowest = min(lowest, psnr(crop, warp(row["image"], nearest[4:14].reshape(5, 2))))
    print(f"{len(crops)} crops from our own landmarks: PSNR ≥ {lowest:.1f} dB")
    assert lowest >= 50


def warp(path, landmarks):
    return cv2.warpAffine(cv2.imread(str(path)), similarity_transform(landmarks), (112, 112), flags=cv2.INTER_LINEAR)
