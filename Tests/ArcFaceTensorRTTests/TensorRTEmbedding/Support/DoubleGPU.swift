import CUDADriver
import CUDAEngine
import Foundation
import NativeLibraries
import TensorRT

@testable import ArcFaceTensorRT

/// A machine with two GPUs of compute capability 9.0 and a TensorRT, all doubles with a state of their own.
final class DoubleGPU: Sendable {
    let kind: DoubleKind
    let folder: URL
    private let management: String
    let cuda: NativeLibrary
    private let tensorRT: NativeLibrary
    private let bridge: NativeLibrary

    /// - Parameters:
    ///   - kind: which TensorRT.
    ///   - hasNVML: whether there is an NVML, which tells of processes that hold the first GPU's memory.
    /// - Throws: if the doubles can't be built or loaded.
    init(_ kind: DoubleKind = .v10, hasNVML: Bool = false) throws {
        self.kind = kind
        management = hasNVML ? try BuiltDouble.nvml.folder().appending(path: "libnvidia-ml.so.1").path : Self.nowhere
        folder = FileManager.default.temporaryDirectory.appending(path: "arcface-gpu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for double in [BuiltDouble.cuda, .bridge, .tensorRT(kind)] {
            let built = try double.folder()
            for name in try FileManager.default.contentsOfDirectory(atPath: built.path) where name.contains(".so") {
                try FileManager.default.copyItem(at: built.appending(path: name), to: folder.appending(path: name))
            }
        }
        let library = kind.isRTX ? "libtensorrt_rtx.so.1" : "libnvinfer.so.\(kind.family)"
        cuda = try NativeLibrary(opening: folder.appending(path: "libcuda.so.1").path)
        tensorRT = try NativeLibrary(opening: folder.appending(path: library).path)
        bridge = try NativeLibrary(opening: folder.appending(path: "libbridge.so").path)
        unsafeBitCast(
            try tensorRT.symbol("double_set_launch"), to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)(
                try bridge.symbol("stream_bridge_launch"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let nowhere = "/nowhere/at/all"

    /// Where the product finds these doubles, and nothing else.
    var search: NVIDIASearch {
        NVIDIASearch(
            driver: .cuda(path: folder.appending(path: "libcuda.so.1").path, source: "the test"),
            management: .nvml(path: management),
            tensorRT: .tensorRT(path: kind.isRTX ? Self.nowhere : folder.path, source: "the test"),
            tensorRTRTX: .tensorRTRTX(path: kind.isRTX ? folder.path : Self.nowhere, source: "the test"))
    }

    /// Lets kernels of ours run on the CPU.
    func installKernels(_ compiled: EngineCompiler.Result) throws { try HostKernels.install(compiled, in: cuda) }

    /// Objects of either library that are still there.
    func live() throws -> Int {
        let objects = unsafeBitCast(try tensorRT.symbol("double_live"), to: (@convention(c) () -> Int64).self)()
        return Int(objects) + (try live(""))
    }

    /// Live objects of the driver: `device`, `pinned`, `stream`, `executable`, …
    func live(_ kind: String) throws -> Int {
        unsafeBitCast(
            try cuda.symbol("fake_cuda_live"), to: (@convention(c) (UnsafePointer<CChar>) -> CLong).self)(kind)
    }

    /// What was done wrong so far: misuse of the driver, and calls of slots that nobody should call.
    func misuse() throws -> String {
        let traps = unsafeBitCast(try tensorRT.symbol("double_traps"), to: (@convention(c) () -> Int64).self)()
        return try text("fake_cuda_misuse", of: cuda) + (traps == 0 ? "" : "\(traps) traps")
    }

    /// Settings, compilations and runs of TensorRT, in order.
    func journal() throws -> [String] {
        try text("double_journal", of: tensorRT).split(separator: "\n").map(String.init)
    }

    /// What TensorRT was asked to run: the number of faces, and the stream.
    func enqueued() throws -> [(faces: Int, stream: String)] {
        try journal().compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "enqueue", let faces = Int(words[1]) else { return nil }
            return (faces, String(words[3]))
        }
    }

    /// The functions of the driver that were called, in order.
    func driverLog() throws -> [String] {
        let count = unsafeBitCast(try cuda.symbol("fake_cuda_log_count"), to: (@convention(c) () -> Int).self)()
        let at = unsafeBitCast(
            try cuda.symbol("fake_cuda_log_at"), to: (@convention(c) (Int) -> UnsafePointer<CChar>).self)
        return (0..<count).map { String(cString: at($0)) }
    }

    /// How often each function of the driver was called.
    func driverCalls() throws -> [String: Int] {
        try driverLog().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Calls of TensorRT since the last `failTensorRT`.
    func tensorRTCalls() throws -> Int {
        Int(unsafeBitCast(try tensorRT.symbol("double_calls"), to: (@convention(c) () -> Int64).self)())
    }

    /// Makes TensorRT's call with this number fail, counted from now on: 0 refuses, 1 throws, 2 gives a bad pointer,
    /// 3 has no memory.
    func failTensorRT(at call: Int, how: Int) throws {
        unsafeBitCast(try tensorRT.symbol("double_fail"), to: (@convention(c) (Int64, Int32) -> Void).self)(
            Int64(call), Int32(how))
    }

    /// Makes TensorRT's call with this number refuse, counted from now on, with these words in its log.
    func failTensorRT(at call: Int, saying words: String) throws {
        unsafeBitCast(
            try tensorRT.symbol("double_fail_saying"),
            to: (@convention(c) (Int64, UnsafePointer<CChar>) -> Void).self)(Int64(call), words)
    }

    /// The version of CUDA that the driver serves from now on, such as 13000.
    func set(cudaVersion: Int) throws {
        unsafeBitCast(try cuda.symbol("fake_cuda_set_version"), to: (@convention(c) (CInt) -> Void).self)(
            CInt(cudaVersion))
    }

    /// The method of TensorRT that was made to fail.
    func failedMethod() throws -> String { try text("double_failed", of: tensorRT) }

    /// Makes the driver's call after `skipped` further ones of the function give `result`, once.
    func failDriver(_ function: String, after skipped: Int, with result: Int) throws {
        unsafeBitCast(
            try cuda.symbol("fake_cuda_fail"), to: (@convention(c) (UnsafePointer<CChar>, CInt, CInt) -> Void).self)(
                function, CInt(skipped), CInt(result))
    }

    /// Forgets the driver's log, failures and misuse.
    func resetDriver() throws {
        unsafeBitCast(try cuda.symbol("fake_cuda_reset"), to: (@convention(c) () -> Void).self)()
    }

    /// Breaks the first GPU's context: every later call on it gives the result.
    func lose(with result: Int) throws {
        unsafeBitCast(try cuda.symbol("fake_cuda_lose"), to: (@convention(c) (CInt, CInt) -> Void).self)(
            0, CInt(result))
    }

    /// Sets the memory of each GPU.
    func set(memory bytes: Int) throws {
        unsafeBitCast(try cuda.symbol("fake_cuda_set_memory"), to: (@convention(c) (Int) -> Void).self)(bytes)
    }

    private func text(_ symbol: String, of library: NativeLibrary) throws -> String {
        String(
            cString: unsafeBitCast(
                try library.symbol(symbol), to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    }
}
