#!/usr/bin/env bash
# Checks of our own CUDA engine on a real GPU: builds engines there, compares them with PyTorch, measures them.
#
#   scripts/gpu/cuda-engine.sh build [FOLDER] [MODEL.onnx FACES-FOLDER]
#                                   here: builds `cuda-engine-check` with Swift's libraries inside into FOLDER (default:
#                                   cuda-engine-out), with what the GPU machine may lack: two image libraries, the wheels of
#                                   `onnx`, and a model with aligned 112×112 faces, if named
#   ./cuda-engine.sh run [RESULTS]  on the GPU machine, in the copied folder (needs python3 with torch and numpy, and NVRTC)
#
# Printed, one JSON object a line: for each model the build, the load, how well the embeddings agree with PyTorch in float32
# (TF32 off), whether each row equals itself alone, rates, and the steps under compute-sanitizer. Exit status 0 if all went well.
set -euo pipefail

build() {
    local folder=${1:-cuda-engine-out} model=${2:-} faces=${3:-} root bin
    root=$(cd "$(dirname "$0")/../.." && pwd)
    mkdir -p "$folder/lib" "$folder/wheels"
    swift build --package-path "$root" --configuration release --static-swift-stdlib --product cuda-engine-check
    bin=$(swift build --package-path "$root" --configuration release --static-swift-stdlib --show-bin-path)
    cp "$bin/cuda-engine-check" "$folder/" && strip "$folder/cuda-engine-check"
    for library in libturbojpeg libspng; do
        cp -L "$(ldd "$folder/cuda-engine-check" | awk -v name="$library" '$1 ~ "^" name {print $3}')" "$folder/lib/"
    done
    cp "$0" "$root/scripts/make_iresnet.py" "$root/scripts/gpu/cuda-engine/compare.py" "$folder/"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
        --dest "$folder/wheels" onnx==1.19.0 protobuf==6.33.0 ml_dtypes==0.5.3
    if [ -n "$model" ]; then
        cp "$model" "$folder/"
        "$root/.deps/venv/bin/python" - "$faces" "$folder/faces.u8" <<'PYTHON'
import pathlib, sys
import cv2
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))[:256]
open(sys.argv[2], "wb").write(b"".join(cv2.imread(str(path)).tobytes() for path in paths))
PYTHON
    fi
    du -sh "$folder"
}

run() {
    local results=${1:-results} here failed=0 model name
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$results"
    export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" PYTHONPATH="$here/site"
    python3 -m pip install --quiet --no-index --no-deps --target "$here/site" "$here"/wheels/*.whl ||
        for wheel in "$here"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$here/site"; done
    nvidia-smi --query-gpu=name,driver_version,compute_cap,power.limit --format=csv,noheader
    for depth in 50 100; do
        [ -e "$here/r$depth.onnx" ] || python3 "$here/make_iresnet.py" --depth "$depth" --out "$here/r$depth.onnx" --calibration 2
    done
    for model in "$here"/*.onnx; do
        name=$(basename "$model" .onnx)
        echo "== $name"
        rm -rf "$here/engines-$name"
        "$here/cuda-engine-check" build "$model" "$here/engines-$name" 256 || { failed=1; continue; }
        python3 "$here/compare.py" "$model" "$here" "$here"/engines-"$name"/*.cuda.plan || failed=1
    done 2>&1 | tee "$results/engines.txt"
    [ "${PIPESTATUS[0]}" = 0 ] || failed=1
    if command -v compute-sanitizer > /dev/null; then
        local plan=("$here"/engines-r50/*.cuda.plan)
        head -c $((5 * 112 * 112 * 3)) "$here/faces.u8" > "$here/five.u8"
        for tool in memcheck racecheck initcheck; do
            echo "== $tool"
            timeout 280 compute-sanitizer --tool "$tool" --error-exitcode 9 "$here/cuda-engine-check" run "${plan[0]}" \
                "$here/five.u8" "$results/five.f32" --no-timing 2>&1 | tail -5 | tee "$results/$tool.txt"
            [ "${PIPESTATUS[0]}" = 0 ] || { echo "== $tool: FAILED"; failed=1; }
        done
    fi
    return "$failed"
}

"$@"
