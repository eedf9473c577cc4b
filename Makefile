# The two commands of a newcomer are `make demo` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .deps/venv
PYTHON := $(VENV)/bin/python
BINARY := .build/release/arcface-tensorrt
S3_PROBE := .build/release/s3-probe
SOURCES := $(shell find Sources Package.swift -type f 2>/dev/null)

.PHONY: help demo test test-swift test-asan test-python test-slow fuzz lint format bench bench-cpu bench-int8 bench-s3 build \
	deps deps-s3 deps-tensorrt deps-cuda test-deps clean

help: ## Show these targets.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: deps $(BINARY) ## Embed the six faces of a group photo; writes demo-out/faces.npz and demo-out/faces.html.
	@scripts/demo.sh

build: .deps/system.stamp $(BINARY) ## Build the command in release mode.

$(BINARY): .deps/system.stamp $(SOURCES)
	swift build -c release --product arcface-tensorrt
	@touch $@

$(S3_PROBE): .deps/system.stamp $(SOURCES) Tests/Probes/s3-probe/main.swift
	swift build -c release --product s3-probe
	@touch $@

test: lint test-swift test-asan test-python ## Run every test that needs no GPU.

test-swift: test-deps
	@$(MAKE) --no-print-directory deps-tensorrt || echo "TensorRT's wheels can't be fetched: its tests with a real library will be skipped"
	@$(MAKE) --no-print-directory deps-cuda || echo "NVRTC's wheel can't be fetched: tests that compile our own kernels will be skipped"
	swift test --parallel

ASAN_TESTS := ^(TensorRTTests|CUDADriverTests)\.

test-asan: deps ## Run TensorRT's and the driver's tests with AddressSanitizer; ASAN_TESTS=. adds our own engine's.
	@$(MAKE) --no-print-directory deps-tensorrt || echo "TensorRT's wheels can't be fetched: its tests with a real library will be skipped"
	scripts/asan.sh '$(ASAN_TESTS)'

test-python: test-deps $(BINARY) $(S3_PROBE)
	@$(MAKE) --no-print-directory deps-s3 || echo "The S3 servers can't be fetched: the tests of the team's store will be skipped"
	$(PYTHON) -m pytest Tests/EndToEnd -q -p no:cacheprovider -m "not slow"

test-slow: test-deps $(BINARY) $(S3_PROBE) ## Run GPU tests and large models; REQUIRE_GPU=1 makes a skip a failure.
	$(PYTHON) -m pytest Tests/EndToEnd -q -p no:cacheprovider -m slow -rs

fuzz: deps ## Read and prepare 100,000 damaged model files; none may crash or grow.
	ARCFACE_FUZZ_INPUTS=100000 swift test --filter FuzzTests

lint: ## Check the formatting and the documentation of public API.
	swift format lint --strict --recursive Sources Tests Package.swift

format: ## Format all Swift files.
	swift format --in-place --recursive Sources Tests Package.swift

bench-s3: test-deps deps-s3 $(S3_PROBE) ## Push and pull 300 MiB beside boto3 on the same server.
	$(PYTHON) scripts/bench_s3.py

bench: test-deps $(BINARY) ## Time ONNX Runtime in fp32 and int8 against PyTorch on this machine's CPU; writes demo-out/benchmark.*
	scripts/bench.sh

bench-cpu: test-deps $(BINARY) ## Compare with Python pipelines on this machine's CPU.
	$(PYTHON) scripts/bench_cpu.py

bench-int8: test-deps $(BINARY) ## Measure what int8 gains over float32 on this machine's CPU.
	$(PYTHON) scripts/bench_int8.py

deps: .deps/system.stamp .deps/files.stamp

deps-s3: .deps/s3.stamp ## Fetch two S3 servers for the tests of the team's store (90 MB).

deps-tensorrt: .deps/tensorrt.stamp ## Fetch TensorRT-RTX and TensorRT's lean runtime for the tests (190 MB).

deps-cuda: .deps/cuda.stamp ## Fetch NVRTC, which compiles our own kernels in the tests (110 MB).

test-deps: deps .deps/venv.stamp .deps/python.stamp

.deps/system.stamp: scripts/install-system-packages.sh
	@scripts/install-system-packages.sh
	@mkdir -p .deps && touch $@

.deps/files.stamp: scripts/fetch_wheels.py scripts/wheels.txt
	@mkdir -p .deps && python3 scripts/fetch_wheels.py
	@touch $@

.deps/tensorrt.stamp: scripts/fetch_wheels.py scripts/wheels-tensorrt.txt
	@mkdir -p .deps && python3 scripts/fetch_wheels.py wheels-tensorrt.txt
	@touch $@

.deps/s3.stamp: scripts/fetch_wheels.py scripts/wheels-s3.txt
	@mkdir -p .deps && python3 scripts/fetch_wheels.py wheels-s3.txt
	@touch $@

.deps/cuda.stamp: scripts/fetch_wheels.py scripts/wheels-cuda.txt
	@mkdir -p .deps && python3 scripts/fetch_wheels.py wheels-cuda.txt
	@touch $@

.deps/venv.stamp: scripts/test-requirements.txt
	@mkdir -p .deps && python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --requirement scripts/test-requirements.txt
	@touch $@

# Its requirements are left out: the Python that has torch has them, or shall not get others.
.deps/python.stamp: scripts/python-requirements.txt
	@mkdir -p .deps && python3 -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .deps/python \
		--requirement $<
	@touch $@

clean: ## Remove build products and the demo's output; .deps/ stays.
	rm -rf .build .build-asan demo-out
