#!/bin/bash
# build.sh FAMILY VERSION FOLDER [run-only]: the double of a library, and its parser's unless it is run only.
# FAMILY is 8, 10, 11 or rtx.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
family=$1 version=$2 folder=$3 kind=${4:-full}
compiler=${CXX:-$(command -v clang++ || command -v g++)}

case $family in
    rtx) table=tensorrt-rtx1 number=1 library=libtensorrt_rtx.so.1 parser=libtensorrt_onnxparser_rtx.so.1 ;;
    *) table=tensorrt$family number=$family library=libnvinfer.so.$family parser=libnvonnxparser.so.$family ;;
esac
if [ "$kind" = run-only ]; then library=libnvinfer_lean.so.$family; fi

mkdir -p "$folder"
errors=("$here/abi/parser-error.tsv")
if [ "$family" = 8 ]; then errors=(); fi
python3 "$here/generate.py" "$here/abi/$table.tsv" "${errors[@]}" > "$folder/interfaces.hpp"

flags=(-std=c++17 -O1 -g -fPIC -shared -pthread -fvisibility-inlines-hidden -Wno-overloaded-virtual
    -DFAMILY="$number" -DVERSION="$version" -I "$folder" -I "$here")
read -ra more <<< "${ARCFACE_DOUBLE_FLAGS:-}" # such as -fsanitize=address
flags+=("${more[@]}")
if [ "$kind" = run-only ]; then flags+=(-DRUN_ONLY); fi
"$compiler" "${flags[@]}" "$here/control.cpp" "$here/runtime.cpp" "$here/builder.cpp" \
    -Wl,-Bsymbolic -Wl,-soname,"$library" -o "$folder/$library"
if [ "$kind" != run-only ]; then
    "$compiler" "${flags[@]}" "$here/control.cpp" "$here/parser.cpp" -Wl,-Bsymbolic -Wl,-soname,"$parser" -o "$folder/$parser"
fi
