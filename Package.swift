// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target of ours, so that no room of the house has rules of its own.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// C targets treat warnings as errors too. (No unsafe flags: they would bar this package from being a dependency.)
let cSettings: [CSetting] = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]

let cxxSettings: [CXXSetting] = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]

let package = Package(
    name: "arcface-tensorrt",
    products: [
        .library(name: "ArcFaceTensorRT", targets: ["ArcFaceTensorRT"]),
        .executable(name: "arcface-tensorrt", targets: ["arcface-tensorrt"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // Models: an ONNX file in, a prepared graph out.
        .target(name: "CONNXModel", cSettings: cSettings),
        .target(name: "ONNXModel", dependencies: ["CONNXModel"], swiftSettings: swiftSettings),

        // Faces: photos in, aligned 112×112 crops out.
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CSPNG", pkgConfig: "spng", providers: [.apt(["libspng-dev"])]),
        .target(name: "CFaceImages", cSettings: cSettings),
        .target(
            name: "FaceImages", dependencies: ["CFaceImages", "CSPNG", "CTurboJPEG"], swiftSettings: swiftSettings),

        // Runtimes: a prepared graph and faces in, raw embeddings out. Native libraries are found at run time.
        .target(name: "NativeLibraries", swiftSettings: swiftSettings),
        .target(name: "CONNXRuntime", cSettings: cSettings),
        .target(name: "ONNXRuntime", dependencies: ["CONNXRuntime", "NativeLibraries"], swiftSettings: swiftSettings),

        // GPUs: NVIDIA's driver and TensorRT, both without their headers.
        .target(name: "CCUDADriver", cSettings: cSettings),
        .target(name: "CUDADriver", dependencies: ["CCUDADriver", "NativeLibraries"], swiftSettings: swiftSettings),
        .target(name: "CTensorRT", cSettings: cSettings, cxxSettings: cxxSettings),
        .target(
            name: "TensorRT",
            dependencies: [
                "CTensorRT", "CUDADriver", "NativeLibraries", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        // The reference: a Python process with PyTorch. Its texts are part of the binary.
        .target(name: "CPyTorchReference", cSettings: cSettings),
        .target(
            name: "PyTorchReference", dependencies: ["CPyTorchReference"],
            resources: [
                "bootstrap", "channel", "checkpoint", "converters", "failure", "graph", "machine", "networks", "orphan",
                "runner", "worker",
            ].map { .embedInCode("Python/\($0).py") },
            swiftSettings: swiftSettings),

        // Engines of our own: a compiler of face networks and its kernels, which need the driver alone.
        .target(name: "CCUDAEngine", cSettings: cSettings),
        .target(
            name: "CUDAEngine", dependencies: ["CCUDAEngine", "CUDADriver", "Digests", "NativeLibraries", "ONNXModel"],
            exclude: ["Kernels"], swiftSettings: swiftSettings),

        // Checks of the GPU rooms for machines with a GPU and without Swift; no product.
        .executableTarget(
            name: "gpu-check",
            dependencies: [
                "CUDADriver", "NativeLibraries", "TensorRT", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        // Checks of our own engine on a real GPU; no product.
        .executableTarget(
            name: "cuda-engine-check", dependencies: ["ArcFaceTensorRT", "FaceImages"], swiftSettings: swiftSettings),

        // Engines as files: names, manifests, digests, locks, the folder cache.
        .target(name: "CDigests", cSettings: cSettings),
        .target(name: "Digests", dependencies: ["CDigests"], swiftSettings: swiftSettings),
        .target(
            name: "Signatures", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: swiftSettings),
        .target(name: "EngineStore", dependencies: ["Digests", "Signatures"], swiftSettings: swiftSettings),
        .target(
            name: "S3Store",
            dependencies: [
                "Digests", "EngineStore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swiftSettings),

        // Numbers: metrics over embeddings, wherever they came from.
        .target(name: "Evaluation", swiftSettings: swiftSettings),

        // The facade that users import, and the commands. (zlib: the checksums of NumPy archives.)
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "ArcFaceTensorRT",
            dependencies: [
                "CUDADriver", "CUDAEngine", "CZlib", "Digests", "EngineStore", "Evaluation", "FaceImages",
                "NativeLibraries", "ONNXModel", "ONNXRuntime", "PyTorchReference", "S3Store", "Signatures", "TensorRT",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "arcface-tensorrt",
            dependencies: [
                "ArcFaceTensorRT",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),

        .testTarget(name: "ONNXModelTests", dependencies: ["ONNXModel"], swiftSettings: swiftSettings),
        .testTarget(name: "FaceImagesTests", dependencies: ["FaceImages"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ONNXRuntimeTests", dependencies: ["ONNXRuntime", "NativeLibraries"], swiftSettings: swiftSettings),
        .testTarget(
            name: "CUDADriverTests", dependencies: ["CUDADriver", "NativeLibraries"], swiftSettings: swiftSettings),
        .testTarget(
            name: "TensorRTTests",
            dependencies: [
                "NativeLibraries", "ONNXModel", "TensorRT", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        // Face networks of a few layers, for tests of our own engine.
        .target(
            name: "SmallNetworks", dependencies: ["CUDAEngine", "ONNXModel"], path: "Tests/Fixtures/SmallNetworks",
            swiftSettings: swiftSettings),
        .testTarget(
            name: "CUDAEngineTests",
            dependencies: ["CUDAEngine", "Digests", "NativeLibraries", "ONNXModel", "ONNXRuntime", "SmallNetworks"],
            swiftSettings: swiftSettings),
        // A process that builds an engine out of nothing, for the tests to start, race and kill.
        .executableTarget(
            name: "engine-store-probe", dependencies: ["Digests", "EngineStore"],
            path: "Tests/Probes/engine-store-probe",
            swiftSettings: swiftSettings),
        .testTarget(
            name: "EngineStoreTests",
            dependencies: ["CDigests", "Digests", "EngineStore", "Signatures", "engine-store-probe"],
            swiftSettings: swiftSettings),
        // A client of an S3 server, for the tests to point at real ones.
        .executableTarget(
            name: "s3-probe", dependencies: ["EngineStore", "S3Store"], path: "Tests/Probes/s3-probe",
            swiftSettings: swiftSettings),
        .testTarget(
            name: "S3StoreTests", dependencies: ["Digests", "EngineStore", "S3Store"], swiftSettings: swiftSettings),
        .testTarget(name: "PyTorchReferenceTests", dependencies: ["PyTorchReference"], swiftSettings: swiftSettings),
        .testTarget(name: "EvaluationTests", dependencies: ["Evaluation"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ArcFaceTensorRTTests",
            dependencies: [
                "ArcFaceTensorRT", "CCUDAEngine", "CUDADriver", "CUDAEngine", "Digests", "EngineStore",
                "NativeLibraries", "ONNXModel", "PyTorchReference", "Signatures", "SmallNetworks", "TensorRT",
                "arcface-tensorrt",
            ],
            swiftSettings: swiftSettings),
    ],
    cxxLanguageStandard: .cxx17
)

// The rooms that reach GPUs, with their tests and nothing else: what `scripts/asan.sh` builds a second time, with a
// sanitizer. The rest of the package is mostly other people's TLS, and would take half an hour.
if Context.environment["ARCFACE_ROOMS"] == "gpu" {
    let rooms: Set = [
        "CCUDADriver", "CCUDAEngine", "CDigests", "CONNXModel", "CONNXRuntime", "CTensorRT", "CUDADriver",
        "CUDADriverTests",
        "CUDAEngine", "CUDAEngineTests", "Digests", "NativeLibraries", "ONNXModel", "ONNXRuntime", "SmallNetworks",
        "TensorRT", "TensorRTTests",
    ]
    package.products = []
    package.targets.removeAll { !rooms.contains($0.name) }
    package.dependencies = [.package(url: "https://github.com/apple/swift-log", from: "1.6.0")]
}
