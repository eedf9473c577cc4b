#!/bin/bash
# tensorrt_pack.sh FOLDER [PREPARED.onnx]: on the build machine, puts everything into FOLDER that tensorrt.sh needs on a
# machine with a GPU: gpu-check, the lean runtime's wheel, TensorRT-RTX's wheel, a prepared model. Wheels come in parts
# of 50 MB, for machines that take small files only.
set -eu -o pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)

cd "$root"
swift build -c release --static-swift-stdlib --product gpu-check
cp "$(swift build -c release --static-swift-stdlib --show-bin-path)/gpu-check" "$folder/"
strip "$folder/gpu-check"

for wheel in tensorrt-lean-cu13-libs==11.4.0.106 onnxruntime-ep-nv-tensorrt-rtx-cu13==0.5.0; do
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$folder" "$wheel"
done
for wheel in "$folder"/*.whl; do
    split --bytes 50M --suffix-length 1 "$wheel" "$wheel.part-"
    rm "$wheel"
done
if [ $# -gt 1 ]; then cp "$2" "$folder/prepared.onnx"; fi
cp "$root/scripts/gpu/tensorrt.sh" "$folder/"
ls -l "$folder"
