#!/usr/bin/env bash
# Runtimes against PyTorch on a real GPU: IResNet-50 and IResNet-100 at 1, 8, 32 and 256 faces.
#
#   scripts/gpu/benchmark.sh pack [FOLDER]   here: puts what the GPU machine lacks into FOLDER (default:
#                                            benchmark-out): arcface-tensorrt with Swift's libraries inside, the maker of
#                                            models, onnx2torch. With ONNXRUNTIME_GPU=VERSION also that wheel of
#                                            onnxruntime-gpu, in parts of 50 MB
#   ./benchmark.sh run [FOLDER]              on the GPU machine, in the copied folder: makes the models, measures, and
#                                            writes JSON, CSV, a page and a text for each model to FOLDER (default:
#                                            results)
#
# The GPU machine needs glibc 2.35, NVIDIA's driver, and a python3 with torch (2 or newer, CUDA), onnx and numpy.
# What else is there is measured too: onnxruntime-gpu (from the parts, or installed), and the runtimes named in RUNTIMES,
# such as RUNTIMES="cuda:fp16 tensorrt:fp16". What isn't there is said and left out. DEPTHS, BATCHES, DURATION (seconds for
# each runtime and batch size) and PYTORCH_MODES may be set. Without compile-fp16, which compiles for each batch size of each
# model, it takes some four minutes: PYTORCH_MODES="tf32 fp32 fp16".
set -euo pipefail

pack() {
    local folder root release
    root=$(cd "$(dirname "$0")/../.." && pwd)
    mkdir -p "${1:-benchmark-out}"
    folder=$(cd "${1:-benchmark-out}" && pwd)
    release=(--package-path "$root" --configuration release --static-swift-stdlib)
    swift build "${release[@]}" --product arcface-tensorrt
    cp "$(swift build "${release[@]}" --show-bin-path)/arcface-tensorrt" "$folder/"
    strip "$folder/arcface-tensorrt"
    cp "$root/scripts/make_iresnet.py" "$0" "$folder/"
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$folder/python" \
        -r "$root/scripts/python-requirements.txt"
    if [ -n "${ONNXRUNTIME_GPU:-}" ]; then
        python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --dest "$folder" \
            "onnxruntime-gpu==$ONNXRUNTIME_GPU"
        for wheel in "$folder"/onnxruntime_gpu*.whl; do
            split --bytes 50M --suffix-length 1 "$wheel" "$wheel.part-"
            rm "$wheel"
        done
    fi
    ls -l "$folder"
}

# Prints the path of ONNX Runtime with CUDA, from the wheel's parts or from Python's packages; nothing where there is none.
onnxruntime_library() {
    local parts=("$here"/onnxruntime_gpu*.part-*)
    if [ -e "${parts[0]}" ]; then
        cat "${parts[@]}" > "$work/onnxruntime.whl"
        python3 -m zipfile -e "$work/onnxruntime.whl" "$work/onnxruntime" > /dev/null
    fi
    python3 - "$work/onnxruntime" <<'PYTHON'
import pathlib
import sys

for folder in [sys.argv[1], *sys.path]:
    found = sorted(pathlib.Path(folder).glob("onnxruntime/capi/libonnxruntime.so*"))
    if found and (found[0].parent / "libonnxruntime_providers_cuda.so").exists():
        print(found[0])
        break
PYTHON
}

# The folders of CUDA's libraries that come with torch, for ONNX Runtime.
cuda_libraries() {
    python3 - <<'PYTHON'
import pathlib
import sys

folders = [path for folder in sys.path for path in pathlib.Path(folder).glob("nvidia/**/lib") if path.is_dir()]
print(":".join(map(str, folders)))
PYTHON
}

# Whether a runtime can run here; says why where it can't.
runs() {
    local answer
    if answer=$("$here/arcface-tensorrt" benchmark --model "$1" --device cuda --runtime "$2" --batch-sizes 1 --rounds 1 \
        --iterations 1 --duration 0.01 --warm-up 0 2>&1 > /dev/null); then
        return 0
    fi
    echo "left out: $2: $(tail -n 1 <<< "$answer")" | tee -a "$results/left-out.txt"
    return 1
}

run() {
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "${1:-results}"
    results=$(cd "${1:-results}" && pwd)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    export PYTHONPATH="$here/python${PYTHONPATH:+:$PYTHONPATH}"
    ARCFACE_PYTORCH_PYTHON=${ARCFACE_PYTORCH_PYTHON:-$(command -v python3)}
    export ARCFACE_PYTORCH_PYTHON
    LD_LIBRARY_PATH=$(cuda_libraries)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
    : > "$results/left-out.txt"
    nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,power.limit --format=csv,noheader | tee "$results/gpu.txt"

    local library named runtimes depth candidate mode pytorch= failed=0
    library=$(onnxruntime_library)
    named=()
    for mode in ${PYTORCH_MODES-tf32 fp32 fp16 compile-fp16}; do named+=("pytorch:$mode"); done
    if [ -n "$library" ]; then
        export ARCFACE_ONNXRUNTIME_LIBRARY_PATH=$library
        named+=(onnxruntime)
    else
        echo "left out: onnxruntime: no onnxruntime-gpu here" | tee -a "$results/left-out.txt"
    fi
    # shellcheck disable=SC2206 # a list of names in a word each
    named+=(${RUNTIMES-cuda:fp16})
    for depth in ${DEPTHS:-50 100}; do
        echo "== IResNet-$depth"
        python3 "$here/make_iresnet.py" --depth "$depth" --fold --out "$work/r$depth.onnx"
        runtimes=()
        for candidate in "${named[@]}"; do
            # Where PyTorch runs in one mode it runs in all; each start of it takes seconds.
            case $candidate:$pytorch in
            pytorch:*:yes) ;;
            pytorch:*:no) continue ;;
            pytorch:*) if runs "$work/r$depth.onnx" "$candidate"; then pytorch=yes; else pytorch=no && continue; fi ;;
            *) runs "$work/r$depth.onnx" "$candidate" || continue ;;
            esac
            runtimes+=(--runtime "$candidate")
        done
        "$here/arcface-tensorrt" benchmark --model "$work/r$depth.onnx" --device cuda "${runtimes[@]}" \
            --batch-sizes "${BATCHES:-1,8,32,256}" --duration "${DURATION:-1.5}" --json --csv "$results/r$depth.csv" \
            --report "$results/r$depth.html" > "$results/r$depth.json" || failed=1
    done
    python3 - "$results" <<'PYTHON'
import json
import pathlib
import sys

for path in sorted(pathlib.Path(sys.argv[1]).glob("r*.json")):
    if not path.read_text():
        continue
    report = json.loads(path.read_text())
    lines = [f"{path.stem}: {report['machine']['gpu']['name']}, driver {report['machine']['gpu'].get('driver')}", ""]
    names = [runtime["name"] for runtime in report["runtimes"]]
    lines += ["| faces | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for batch in sorted({item["batch"] for item in report["results"]}):
        row = {item["runtime"]: item["median"] for item in report["results"] if item["batch"] == batch}
        lines.append(f"| {batch} | " + " | ".join(f"{row[name]:.2f}" for name in names) + " |")
    text = "\n".join(lines) + "\n"
    path.with_suffix(".md").write_text(text)
    print(text)
PYTHON
    return "$failed"
}

case ${1:-} in
pack) shift && pack "$@" ;;
run) shift && run "$@" ;;
*)
    sed -n '2,20s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
