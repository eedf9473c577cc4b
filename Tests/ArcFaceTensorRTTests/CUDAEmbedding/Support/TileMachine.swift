import CUDADriver
import EngineStore
import Foundation
import NativeLibraries
import SmallNetworks
import Synchronization

@testable import ArcFaceTensorRT
@testable import CUDAEngine

/// A GPU on which kernels take as long as a test says, and a compiler: doubles both.
final class TileMachine {
    let gpu: DoubleGPU
    private let nvrtc: NativeLibrary

    /// Milliseconds for a kernel by the text of its module, and what it writes: one for all machines, as C calls it.
    private static let times = Mutex<@Sendable (String) -> Double>({ _ in 1 })
    private static let answers = Mutex<@Sendable (Launch) -> Answer>({ _ in .right })

    /// What of a launch tells kernels of one name apart.
    struct Launch: Hashable, Sendable {
        var grid, block: [UInt32]
        var sharedMemory: UInt32
    }

    enum Answer: Sendable {
        case right, wrong, fault
    }

    init() throws {
        gpu = try DoubleGPU()
        let built = try BuiltDouble.nvrtc.folder().appending(path: "libnvrtc.so.13")
        try FileManager.default.copyItem(at: built, to: gpu.folder.appending(path: "libnvrtc.so.13"))
        nvrtc = try NativeLibrary(opening: gpu.folder.appending(path: "libnvrtc.so.13").path)
        Self.times.withLock { $0 = { _ in 1 } }
        Self.answers.withLock { $0 = { _ in .right } }
        let register = unsafeBitCast(
            try gpu.cuda.symbol("fake_cuda_register_kernel"),
            to: (@convention(c) (UnsafePointer<CChar>, @convention(c) (UnsafeRawPointer) -> Int32) -> Void).self)
        for name in ["stem", "convolution", "depthwise", "elementwise"] {
            register(name) { TileMachine.run($0, output: 40) }
        }
        for name in ["hopper_convolution", "hopper_split"] { register(name) { TileMachine.run($0, output: 536) } }
        typealias Time = @convention(c) (UnsafePointer<CChar>, UnsafeRawPointer) -> Double
        unsafeBitCast(
            try gpu.cuda.symbol("fake_cuda_set_kernel_time"), to: (@convention(c) (Time) -> Void).self)(
                { image, _ in TileMachine.times.withLock { $0 }(String(cString: image)) })
    }

    /// The compiler and the GPU, and nothing else.
    var search: NVIDIASearch {
        var search = gpu.search
        search.compiler = .nvrtc(path: gpu.folder.path, source: "the test")
        return search
    }

    /// Says how long kernels take.
    func set(milliseconds: @escaping @Sendable (_ module: String) -> Double) {
        Self.times.withLock { $0 = milliseconds }
    }

    /// Says what kernels do.
    func set(answer: @escaping @Sendable (Launch) -> Answer) {
        Self.answers.withLock { $0 = answer }
    }

    /// Kernels that were compiled so far.
    func compiled() throws -> Int {
        unsafeBitCast(try nvrtc.symbol("fake_nvrtc_compiled"), to: (@convention(c) () -> CLong).self)()
    }

    /// Refuses to compile what holds a text, of `NAME A=1 B=2 `.
    func refuse(_ text: String) throws {
        unsafeBitCast(
            try nvrtc.symbol("fake_nvrtc_refuse"), to: (@convention(c) (UnsafePointer<CChar>) -> Void).self)(text)
    }

    /// As the double of the compiler writes a variant's macros into a module.
    static func text(of variant: KernelVariant) -> String {
        "// \(variant.source)" + variant.macros.map { " \($0.name)=\($0.value)" }.joined() + "\n"
    }

    private static func run(_ launch: UnsafeRawPointer, output offset: Int) -> Int32 {
        func three(_ at: Int) -> [UInt32] {
            (0..<3).map { launch.load(fromByteOffset: at + 4 * $0, as: UInt32.self) }
        }
        let what = Launch(
            grid: three(16), block: three(28), sharedMemory: launch.load(fromByteOffset: 52, as: UInt32.self))
        let answer = answers.withLock { $0 }(what)
        if case .fault = answer { return 700 }
        let parameters = launch.load(as: UnsafePointer<UnsafeRawPointer>.self)
        guard
            let target = UnsafeMutablePointer<UInt16>(
                bitPattern: parameters[0].load(fromByteOffset: offset, as: UInt.self))
        else { return 700 }
        let isValid = launch.load(fromByteOffset: 64, as: (@convention(c) (UInt64, Int) -> Int32).self)
        guard isValid(UInt64(UInt(bitPattern: target)), 32) != 0 else { return 700 }
        var value: UInt16 = 0x3c00
        if case .wrong = answer { value = 0x4000 }
        for place in 0..<16 { target[place] = value }
        return 0
    }
}

extension TileMachine.Launch {
    init(_ built: LaunchBuilder.Result) {
        func three(_ extents: PlanExtents) -> [UInt32] { [extents.x, extents.y, extents.z].map { UInt32($0) } }
        self.init(
            grid: three(built.grid), block: three(built.block), sharedMemory: UInt32(built.sharedMemory))
    }
}
