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
# such as RUNTIMES="cuda:fp16 tensorrt:fp16" (default: cuda:fp16). What can't start is left out, and every file says why.
# Figures are written after each round: what is there when the run is cut off stays.
#
#   DEPTHS         IResNets (default: "50 100")
#   BATCHES        faces a call (default: 1,8,32,256)
#   DURATION       seconds for each runtime and batch size (default: 0.6)
#   PYTORCH_MODES  (default: "tf32 fp32 fp16"; compile-fp16 takes minutes, as it compiles for each batch size)
#   LIMIT          seconds for each model; who takes longer is stopped after its turn (default: 300)
#   TILES          measured, or table: how our own engines come to their tiles (default: measured)
#   DEVICE         cuda, or cpu to try the script (default: cuda)
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
    python3 - "$work/onnxruntime" "$device" <<'PYTHON'
import pathlib
import sys

for folder in [sys.argv[1], *sys.path]:
    found = sorted(pathlib.Path(folder).glob("onnxruntime/capi/libonnxruntime.so*"))
    if found and (sys.argv[2] == "cpu" or (found[0].parent / "libonnxruntime_providers_cuda.so").exists()):
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

# Starts a process for each model, all at the same time; `run` waits for each when it is its turn.
make_models() {
    local depth
    for depth in "${depths[@]}"; do
        python3 "$here/make_iresnet.py" --depth "$depth" --fold --calibration 2 --out "$work/making-r$depth.onnx" \
            && mv "$work/making-r$depth.onnx" "$work/r$depth.onnx" &
        makers[depth]=$!
    done
}

run() {
    here=$(cd "$(dirname "$0")" && pwd)
    device=${DEVICE:-cuda}
    mkdir -p "${1:-results}"
    results=$(cd "${1:-results}" && pwd)
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    export PYTHONPATH="$here/python${PYTHONPATH:+:$PYTHONPATH}"
    ARCFACE_PYTORCH_PYTHON=${ARCFACE_PYTORCH_PYTHON:-$(command -v python3)}
    export ARCFACE_PYTORCH_PYTHON
    LD_LIBRARY_PATH=$(cuda_libraries)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
    # Engines of random weights are nobody's to keep, and what the benchmark compares needs no proof of its own.
    export ARCFACE_TENSORRT_ENGINE_LOCAL_DIR=$work/engines ARCFACE_TENSORRT_ACCEPT=false
    batches=${BATCHES:-1,8,32,256}
    ARCFACE_TENSORRT_MAX_BATCH_SIZE=$(tr , '\n' <<< "$batches" | sort -n | tail -n 1)
    export ARCFACE_TENSORRT_MAX_BATCH_SIZE
    if command -v nvidia-smi > /dev/null; then
        nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,power.limit --format=csv,noheader \
            | tee "$results/gpu.txt"
    fi

    local library named depth name failed=0
    local -a depths makers
    read -ra depths <<< "${DEPTHS:-50 100}"
    make_models
    library=$(onnxruntime_library)
    named=()
    for name in ${PYTORCH_MODES-tf32 fp32 fp16}; do named+=(--runtime "pytorch:$name"); done
    if [ -n "$library" ]; then export ARCFACE_ONNXRUNTIME_LIBRARY_PATH=$library; fi
    named+=(--runtime onnxruntime)
    for name in ${RUNTIMES-cuda:fp16}; do named+=(--runtime "$name"); done
    for depth in "${depths[@]}"; do
        echo "== IResNet-$depth"
        wait "${makers[depth]}"
        # Before the others take the GPU: what isn't built here, `benchmark` builds or leaves out with its reason.
        for name in ${RUNTIMES-cuda:fp16}; do
            case $name in
            cuda:*) "$here/arcface-tensorrt" build --onnx-path "$work/r$depth.onnx" --runtime cuda \
                --precision "${name#cuda:}" --tiles "${TILES:-measured}" || true ;;
            esac
        done
        timeout --foreground --signal INT --kill-after 60 "${LIMIT:-300}" \
            "$here/arcface-tensorrt" benchmark --model "$work/r$depth.onnx" --device "$device" "${named[@]}" \
            --skip-unavailable --load-together --batch-sizes "$batches" --duration "${DURATION:-0.6}" \
            --save "$results/r$depth.json" --csv "$results/r$depth.csv" --report "$results/r$depth.html" \
            | tee "$results/r$depth.txt" || failed=1
    done
    python3 - "$results" <<'PYTHON'
import json
import pathlib
import sys

for path in sorted(pathlib.Path(sys.argv[1]).glob("r*.json")):
    report = json.loads(path.read_text())
    machine = report["machine"]
    gpu = machine.get("gpu")
    lines = [f"{path.stem}: " + (f"{gpu['name']}, driver {gpu.get('driver')}" if gpu else machine["processor"]), ""]
    names = [runtime["name"] for runtime in report["runtimes"]]
    lines += ["| faces | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for batch in sorted({item["batch"] for item in report["results"]}):
        row = {item["runtime"]: f"{item['median']:.3g}" for item in report["results"] if item["batch"] == batch}
        lines.append(f"| {batch} | " + " | ".join(row.get(name, "–") for name in names) + " |")
    lines += [""] + [f"left out: {item['name']}: {item['reason']}" for item in report["left_out"]] + report["notes"]
    path.with_suffix(".md").write_text("\n".join(lines) + "\n")
PYTHON
    return "$failed"
}

case ${1:-} in
pack) shift && pack "$@" ;;
run) shift && run "$@" ;;
*)
    sed -n '2,23s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
