import CUDADriver
import Foundation
import NativeLibraries

/// One loaded copy of the double of libcuda, with a state of its own, and the words that tests say to it.
final class FakeCUDA: Sendable {
    let path: String
    private let library: NativeLibrary

    // The arguments are for the compiler, such as `-DcuMemHostAlloc=hidden`.
    init(_ arguments: [String] = []) throws {
        let double = DoubleLibrary(name: "cuda", fileName: "libcuda.so.1", arguments: arguments)
        path = try double.copy().path()
        library = try NativeLibrary(opening: path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
    }

    /// The driver on top of this double. NVML is the double's as well, or missing.
    func driver(nvml: String = "/nowhere/libnvidia-ml.so.1") throws(CUDAError) -> CUDADriver {
        try CUDADriver(search: .cuda(path: path, source: "the test"), managementSearch: .nvml(path: nvml))
    }

    func context(_ ordinal: Int = 0) throws -> CUDAContext {
        let driver = try driver()
        return try CUDAContext(on: try driver.device(ordinal), of: driver)
    }

    /// Makes the call after `skipped` further calls of the function give `result`, once.
    func fail(_ function: String, after skipped: Int = 0, with result: Int32) throws {
        let call = unsafeBitCast(
            try library.symbol("fake_cuda_fail"), to: (@convention(c) (UnsafePointer<CChar>, CInt, CInt) -> Void).self)
        call(function, CInt(skipped), result)
    }

    func reset() throws {
        unsafeBitCast(try library.symbol("fake_cuda_reset"), to: (@convention(c) () -> Void).self)()
    }

    /// Live objects of a kind, or all of them.
    func live(_ kind: String = "") throws -> Int {
        let call = unsafeBitCast(
            try library.symbol("fake_cuda_live"), to: (@convention(c) (UnsafePointer<CChar>) -> CLong).self)
        return call(kind)
    }

    /// What was done wrong so far, a line each.
    func misuse() throws -> String {
        let call = unsafeBitCast(
            try library.symbol("fake_cuda_misuse"), to: (@convention(c) () -> UnsafePointer<CChar>).self)
        return String(cString: call())
    }

    /// The functions called so far.
    func log() throws -> [String] {
        let count = unsafeBitCast(try library.symbol("fake_cuda_log_count"), to: (@convention(c) () -> Int).self)
        let at = unsafeBitCast(
            try library.symbol("fake_cuda_log_at"), to: (@convention(c) (Int) -> UnsafePointer<CChar>).self)
        return (0..<count()).map { String(cString: at($0)) }
    }

    func contextDepth() throws -> Int {
        unsafeBitCast(try library.symbol("fake_cuda_context_depth"), to: (@convention(c) () -> CLong).self)()
    }

    func set(version: Int) throws { try set("fake_cuda_set_version", version) }
    func set(devices: Int) throws { try set("fake_cuda_set_devices", devices) }
    func set(lazy: Bool) throws { try set("fake_cuda_set_lazy", lazy ? 1 : 0) }
    func set(memory bytes: Int) throws {
        unsafeBitCast(try library.symbol("fake_cuda_set_memory"), to: (@convention(c) (Int) -> Void).self)(bytes)
    }

    /// Cluster, overlap and cooperation of the last launch, as the driver was told.
    func lastLaunch() throws -> (cluster: [UInt32], dynamicShared: UInt32, overlaps: Int32, cooperative: Int32) {
        let call = unsafeBitCast(
            try library.symbol("fake_cuda_last_launch"), to: (@convention(c) () -> UnsafeRawPointer).self)
        // After two 8-byte fields: grid, block, cluster (three numbers each), and three numbers more.
        let numbers = (0..<12).map { call().load(fromByteOffset: 16 + 4 * $0, as: UInt32.self) }
        return (Array(numbers[6..<9]), numbers[9], Int32(bitPattern: numbers[10]), Int32(bitPattern: numbers[11]))
    }

    private func set(_ function: String, _ value: Int) throws {
        unsafeBitCast(try library.symbol(function), to: (@convention(c) (CInt) -> Void).self)(CInt(value))
    }
}

/// PTX of the kernels whose host functions the double has.
let saxpyPTX = """
    .version 7.0
    .target sm_70
    .address_size 64
    .visible .entry saxpy(.param .u64 x, .param .u64 y, .param .f32 a, .param .u32 n) { ret; }
    .visible .entry fault() { ret; }
    .visible .entry mapped(.param .align 64 .b8 map[128], .param .u32 n) { ret; }
    """

extension DeviceMemory {
    /// The contents as numbers, read through a stream.
    func floats(through stream: CUDAStream) throws -> [Float] {
        var values = [Float](repeating: 0, count: byteCount / 4)
        try values.withUnsafeMutableBytes { try stream.download(self, into: $0) }
        return values
    }
}

/// Runs `body` and gives the `CUDAError` that it throws.
func failure(_ body: () throws -> Void) throws -> CUDAError? {
    do {
        try body()
        return nil
    } catch let error as CUDAError {
        return error
    }
}
