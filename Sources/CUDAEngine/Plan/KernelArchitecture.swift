/// A generation of GPUs that kernels are compiled for.
package struct KernelArchitecture: Sendable, Hashable, CustomStringConvertible {
    /// Major and minor compute capability as one number, such as 90.
    package let number: Int

    /// The oldest with the instructions that the kernels need.
    package static let oldest = KernelArchitecture(unchecked: 80)

    /// - Throws: `unsupportedGPU` below 8.0.
    package init(_ number: Int) throws(CUDAEngineError) {
        guard number >= Self.oldest.number, number < 1000 else {
            throw CUDAEngineError(
                .unsupportedGPU,
                "our own engine needs a GPU of compute capability 8.0 (Ampere) or newer, not "
                    + "\(number / 10).\(number % 10)",
                mend: "use --runtime tensorrt, or ONNX Runtime")
        }
        self.number = number
    }

    private init(unchecked number: Int) { self.number = number }

    /// Whether it has `wgmma`, which exists on 9.0 alone.
    package var isHopper: Bool { number == 90 }

    /// Whether a kernel may start while its predecessor ends.
    package var overlapsLaunches: Bool { number >= 90 }

    /// As the compiler takes it: `sm_86`, `sm_90a`.
    package var compilerName: String { isHopper ? "sm_90a" : "sm_\(number)" }

    /// Whether kernels for it run on a GPU of compute capability `other`: the same major number, and no newer minor one; those
    /// for `sm_90a` on 9.0 alone.
    package func runs(on other: Int) -> Bool {
        isHopper ? other == 90 : other / 10 == number / 10 && other >= number
    }

    /// Multiprocessors of a typical GPU of it, where none is there to ask.
    package var usualMultiprocessors: Int {
        switch number {
        case 80: 108
        case 86: 84
        case 89: 128
        case 90: 132
        case 100...103: 148
        case 120...121: 170
        default: 100
        }
    }

    package var description: String { "sm\(number)" }
}
