#!/usr/bin/env bash
# Runs the tests of the rooms that reach GPUs (TensorRT, the driver, our own engine) with AddressSanitizer, on doubles and on
# TensorRT-RTX itself. usage: asan.sh [FILTER]     FILTER: a regular expression of tests, as `swift test` takes it.
set -euo pipefail
cd "$(dirname "$0")/.."

# A package beside the package: the same files, but a build folder and versions of dependencies of its own.
rooms=.build-asan/rooms
mkdir -p "$rooms"
for name in Package.swift Sources Tests scripts .deps; do ln -sfn "../../$name" "$rooms/$name"; done
if [ -e Package.resolved ] && [ ! -e "$rooms/Package.resolved" ]; then cp Package.resolved "$rooms/"; fi

# What libraries of others keep for good (NVIDIA's and Microsoft's keep a little) is theirs. When they are unloaded their
# addresses are nobody's, or whoever's came next. Objects of the doubles are counted by the tests themselves. And Foundation
# never frees the weak references of a Process, with which tests compile doubles.
cat > .build-asan/leaks.txt << 'LEAKS'
leak:libtensorrt_
leak:libnv
leak:libcuda.so
leak:libonnxruntime.so
leak:<unknown module>
leak:Foundation7ProcessC3run
LEAKS
export LSAN_OPTIONS="suppressions=$PWD/.build-asan/leaks.txt:print_suppressions=0"

# The doubles too, where they are compiled by the compiler that brings this sanitizer.
if command -v clang++ > /dev/null; then export ARCFACE_DOUBLE_FLAGS=-fsanitize=address; fi

export ARCFACE_ROOMS=gpu
cd "$rooms"
swift test --sanitize=address --parallel --filter "${1:-.}"
