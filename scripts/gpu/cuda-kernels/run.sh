#!/usr/bin/env bash
# Checks and times the CUDA kernels on a machine with an H100, PyTorch and NVRTC (of a CUDA 13 toolkit, or pip's).
# usage: run.sh [check] [exact] [sanitize] [shapes] [networks] [compile]     (default: check networks)
# KERNELS names the folder of the kernels where it isn't beside this one's repository.
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONUNBUFFERED=1 CUBIN_CACHE="${CUBIN_CACHE:-$(mktemp -d)}"
for step in "${@:-check networks}"; do
    for what in $step; do
        case $what in
            check) python3 check_kernels.py all && python3 check_exact.py all ;;
            exact) python3 check_exact.py all && python3 check_exact.py times ;;
            sanitize)
                for tool in memcheck initcheck racecheck; do
                    compute-sanitizer --tool "$tool" --error-exitcode 1 python3 check_kernels.py quick
                    compute-sanitizer --tool "$tool" --error-exitcode 1 python3 check_exact.py quick
                done ;;
            shapes) python3 time_shapes.py ;;
            networks) python3 time_network.py 50,100 1,8,32,256 --tune --sustained ;;
            compile) python3 time_network.py 50,100 1,8,32,256 --sustained --compile ;;
            *) echo "run.sh: unknown step $what; there are check, exact, sanitize, shapes, networks, compile" >&2; exit 64 ;;
        esac
    done
done
