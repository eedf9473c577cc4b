#!/bin/bash
# tensorrt.sh: runs the TensorRT checks of gpu-check on this machine, from the folder that tensorrt_pack.sh filled. Needs
# python3 to unpack, and the NVIDIA driver. Prints one JSON object a line; the exit status is gpu-check's.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for first in "$here"/*.whl.part-a; do
    [ -e "$first" ] || continue
    wheel=${first%.part-a}
    cat "$wheel".part-* > "$work/$(basename "$wheel")"
done
python3 - "$work" <<'PYTHON'
import pathlib
import sys
import zipfile

work = pathlib.Path(sys.argv[1])
for wheel in work.glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if ".so" in name and "plugin" not in name:
                archive.extract(name, work)
PYTHON

nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader >&2
if [ -d "$work/tensorrt_lean_libs" ]; then export GPU_CHECK_TENSORRT_LEAN="$work/tensorrt_lean_libs"; fi
rtx=$work/onnxruntime_ep_nv_tensorrt_rtx
if [ -d "$rtx" ]; then export GPU_CHECK_TENSORRT_RTX=$rtx; fi
if [ -e "$here/prepared.onnx" ]; then export GPU_CHECK_ONNX="$here/prepared.onnx"; fi
"$here/gpu-check" --no-timing "$@"
