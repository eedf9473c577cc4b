#!/usr/bin/env bash
# Checks of our own CUDA engine on a real GPU: builds engines there, compares them with PyTorch, measures them.
#
#   scripts/gpu/cuda-engine.sh build [FOLDER] [MODEL.onnx FACES-FOLDER]
#                                   here: builds `cuda-engine-check` with Swift's libraries inside into FOLDER (default:
#                                   cuda-engine-out, about 50 MB, the program compressed), with two image libraries that the
#                                   GPU machine may lack, and a model with aligned 112×112 faces, if named
#   ./cuda-engine.sh run [RESULTS]  on the GPU machine, in the copied folder: needs python3 with torch, onnx and numpy, and NVRTC
#   ./cuda-engine.sh exact [RESULTS]
#                                   there: engines in fp32 against PyTorch in strict float32, and their rates
#   ./cuda-engine.sh rates [RESULTS] [SECONDS]
#                                   there: only rates and stages between host and host, 10 seconds a model; needs python3 with
#                                   onnx and numpy, and NVRTC; RESULTS/clocks.csv has the GPU's clock and power beside them
#
# Printed, one JSON object a line: for each model the build, the load, how well the embeddings agree with PyTorch in float32
# (TF32 off), whether each row equals itself alone, rates, and the steps under compute-sanitizer. Exit status 0 if all went well.
set -euo pipefail

build() {
    local folder=${1:-cuda-engine-out} model=${2:-} faces=${3:-} root bin
    root=$(cd "$(dirname "$0")/../.." && pwd)
    mkdir -p "$folder/lib"
    swift build --package-path "$root" --configuration release --static-swift-stdlib --product cuda-engine-check
    bin=$(swift build --package-path "$root" --configuration release --static-swift-stdlib --show-bin-path)
    cp "$bin/cuda-engine-check" "$folder/" && strip "$folder/cuda-engine-check"
    for library in libturbojpeg libspng; do
        cp -L "$(ldd "$folder/cuda-engine-check" | awk -v name="$library" '$1 ~ "^" name {print $3}')" "$folder/lib/"
    done
    cp "$0" "$root/scripts/make_iresnet.py" "$root/scripts/gpu/cuda-engine/compare.py" "$folder/"
    if [ -n "$model" ]; then
        cp "$model" "$folder/"
        "$root/.deps/venv/bin/python" - "$faces" "$folder/faces.u8" <<'PYTHON'
import pathlib, sys
import cv2
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.png"))[:256]
open(sys.argv[2], "wb").write(b"".join(cv2.imread(str(path)).tobytes() for path in paths))
PYTHON
    fi
    gzip -9 -f "$folder/cuda-engine-check"
    du -sh "$folder"
}

# Unpacks the program, finds libraries, makes the models that aren't there; tells the GPU.
prepare() {
    local here=$1 depth
    [ ! -e "$here/cuda-engine-check.gz" ] || gunzip -f "$here/cuda-engine-check.gz"
    export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    # Where torch's or the toolkit's NVRTC is, unless somebody says so.
    if [ -z "${NVRTC_LIBRARY:-}" ]; then
        NVRTC_LIBRARY=$(python3 -c 'import glob, os, sysconfig
folders = [sysconfig.get_paths()["purelib"] + "/nvidia/*/lib", "/usr/local/cuda*/lib64", "/usr/local/cuda*/targets/*/lib"]
found = [path for folder in folders for path in sorted(glob.glob(folder + "/libnvrtc.so.1[23]"), reverse=True)]
print(os.path.realpath(found[0]) if found else "")')
        export NVRTC_LIBRARY
    fi
    echo "NVRTC: ${NVRTC_LIBRARY:-by the loader}"
    nvidia-smi --query-gpu=name,driver_version,compute_cap,power.limit --format=csv,noheader
    for depth in 50 100; do
        [ -e "$here/r$depth.onnx" ] || python3 "$here/make_iresnet.py" --depth "$depth" --out "$here/r$depth.onnx" --calibration 2
    done
}

run() {
    local results=${1:-results} here failed=0 model name
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$results"
    prepare "$here"
    (
        for model in "$here"/*.onnx; do
            name=$(basename "$model" .onnx)
            echo "== $name"
            rm -rf "$here/engines-$name"
            "$here/cuda-engine-check" build "$model" "$here/engines-$name" 256 || { failed=1; continue; }
            python3 "$here/compare.py" "$model" "$here" "$here"/engines-"$name"/*.cuda.plan || failed=1
            # Memory that is filled with NaN before each run must change no bit.
            ARCFACE_TEST_CUDA_POISON=1 "$here/cuda-engine-check" run "$here"/engines-"$name"/*.cuda.plan "$here/input.u8" \
                "$here/poisoned.f32" --no-timing && cmp "$here/output.f32" "$here/poisoned.f32" || failed=1
        done
        exit "$failed"
    ) 2>&1 | tee "$results/engines.txt" || failed=1
    if command -v compute-sanitizer > /dev/null; then
        local plan=("$here"/engines-r50/*.cuda.plan)
        head -c $((5 * 112 * 112 * 3)) "$here/input.u8" > "$here/five.u8"
        for tool in memcheck racecheck initcheck; do
            echo "== $tool"
            # The driver answers "invalid argument" when it is asked for a parameter behind the last: no error of ours.
            timeout 280 compute-sanitizer --tool "$tool" --report-api-errors no --error-exitcode 9 "$here/cuda-engine-check" run "${plan[0]}" \
                "$here/five.u8" "$results/five.f32" --no-timing 2>&1 | tail -5 | tee "$results/$tool.txt" ||
                { echo "== $tool: FAILED"; failed=1; }
        done
    fi
    return "$failed"
}

exact() {
    local results=${1:-results} here failed=0 model name
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$results"
    prepare "$here"
    (
        for model in "$here"/*.onnx; do
            name=$(basename "$model" .onnx)
            echo "== $name, fp32"
            rm -rf "$here/exact-$name"
            "$here/cuda-engine-check" build "$model" "$here/exact-$name" 32 fp32 || { failed=1; continue; }
            python3 "$here/compare.py" "$model" "$here" "$here"/exact-"$name"/*.cuda.plan --exact || failed=1
            "$here/cuda-engine-check" rates "$here"/exact-"$name"/*.cuda.plan "$here/input.u8" 2 || failed=1
        done
        exit "$failed"
    ) 2>&1 | tee "$results/exact.txt" || failed=1
    return "$failed"
}

rates() {
    local results=${1:-results} seconds=${2:-10} here failed=0 model name clocks
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$results"
    prepare "$here"
    [ -s "$here/faces.u8" ] || head -c $((256 * 112 * 112 * 3)) /dev/urandom > "$here/faces.u8"
    nvidia-smi --query-gpu=timestamp,clocks.sm,power.draw,temperature.gpu --format=csv,noheader -lms 250 \
        > "$results/clocks.csv" &
    clocks=$!
    (
        for model in "$here"/*.onnx; do
            name=$(basename "$model" .onnx)
            date "+== $name, %T"
            [ -e "$here/engines-$name" ] || "$here/cuda-engine-check" build "$model" "$here/engines-$name" 256 > /dev/null ||
                { failed=1; continue; }
            "$here/cuda-engine-check" rates "$here"/engines-"$name"/*.cuda.plan "$here/faces.u8" "$seconds" || failed=1
        done
        exit "$failed"
    ) 2>&1 | tee "$results/rates.txt" || failed=1
    kill "$clocks" || echo "nvidia-smi ended early: clocks.csv may be empty"
    return "$failed"
}

"$@"
