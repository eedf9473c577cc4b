#!/usr/bin/env bash
# Checks of the GPU rooms on a real GPU.
#
#   scripts/gpu/run-checks.sh build [FOLDER]   here: builds `gpu-check` with Swift's libraries inside, into FOLDER
#                                              (default: gpu-check-out) beside a copy of this script
#   ./run-checks.sh run [FOLDER]               on the GPU machine, in the copied folder: runs it; what it prints also
#                                              goes to FOLDER (default: results)
#
# To copy: the whole output folder of `build` (two files, some 10 MB). The GPU machine needs glibc 2.35, libstdc++ and
# an NVIDIA driver, nothing else; the steps under compute-sanitizer run where the toolkit is installed, and say so where
# it isn't.
#
# Printed, one JSON object a line: each check with `ok` and what it found. The exit status is 0 if all went well.
set -euo pipefail

# Runs a step, keeps what it prints, and goes on after a failure so that one lease shows all of them.
step() {
    local name=$1
    shift
    echo "== $name"
    if "$@" 2>&1 | tee "$results/$name.txt"; then
        echo "== $name: passed"
    else
        echo "== $name: FAILED"
        failed=1
    fi
}

build() {
    local folder=${1:-gpu-check-out} root
    root=$(cd "$(dirname "$0")/../.." && pwd)
    mkdir -p "$folder"
    swift build --package-path "$root" --configuration release --static-swift-stdlib --product gpu-check
    cp "$(swift build --package-path "$root" --configuration release --static-swift-stdlib --show-bin-path)/gpu-check" "$folder/"
    strip "$folder/gpu-check"
    cp "$0" "$folder/run-checks.sh"
    ls -l "$folder"
}

# A checker that finds nothing because it saw nothing would pass: the faulting kernel has to be found.
sanitizer_finds_fault() {
    ! compute-sanitizer --tool memcheck --error-exitcode 9 "$1" --no-timing --fault
}

run() {
    local here sanitizer=(compute-sanitizer --error-exitcode 9)
    results=${1:-results}
    failed=0
    here=$(cd "$(dirname "$0")" && pwd)
    mkdir -p "$results"
    step machine nvidia-smi --query-gpu=name,driver_version,compute_cap,memory.total,power.limit --format=csv
    step checks "$here/gpu-check"
    step fault "$here/gpu-check" --fault
    if command -v compute-sanitizer > /dev/null; then
        # Calls that are meant to fail aren't findings; what kernels and copies do is.
        step memcheck "${sanitizer[@]}" --tool memcheck --leak-check full --report-api-errors no \
            "$here/gpu-check" --no-timing
        step racecheck "${sanitizer[@]}" --tool racecheck "$here/gpu-check" --no-timing
        step initcheck "${sanitizer[@]}" --tool initcheck --report-api-errors no "$here/gpu-check" --no-timing
        step synccheck "${sanitizer[@]}" --tool synccheck "$here/gpu-check" --no-timing
        step fault-is-found sanitizer_finds_fault "$here/gpu-check"
    else
        echo "== compute-sanitizer isn't on PATH: not run" | tee "$results/memcheck.txt"
    fi
    return "$failed"
}

case ${1:-} in
build) shift && build "$@" ;;
run) shift && run "$@" ;;
*)
    sed -n '2,13s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
