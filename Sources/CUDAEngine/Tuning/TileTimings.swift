internal import Digests

/// How long kernels took on one GPU, kept between builds. A value; `TileTimings+Bytes.swift` writes and reads it.
package struct TileTimings: Sendable, Equatable {
    /// What measurements hold for: with another GPU, compiler or kernel source they mean nothing.
    package struct Setting: Sendable, Hashable {
        /// The GPU's name.
        package var gpu: String
        /// Its compute capability, times ten.
        package var sm: Int
        /// The compiler's version, such as `13.0`.
        package var compiler: String
        /// The digest of all kernels' sources.
        package var kernels: String

        /// The setting of this program on a GPU.
        ///
        /// - Parameters:
        ///   - gpu: the GPU's name.
        ///   - sm: its compute capability, times ten.
        ///   - compiler: NVRTC's version, such as `13.0`.
        package init(gpu: String, sm: Int, compiler: String) {
            self.init(gpu: gpu, sm: sm, compiler: compiler, kernels: KernelSources.digest)
        }

        init(gpu: String, sm: Int, compiler: String, kernels: String) {
            (self.gpu, self.sm, self.compiler, self.kernels) = (gpu, sm, compiler, kernels)
        }

        /// A name for a file of it, of letters, digits, dots and dashes.
        package var fileName: String {
            let plain = gpu.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            return "cuda-\(kernels.prefix(12))-nvrtc\(compiler)-sm\(sm)-\(String(plain)).timing-cache"
        }
    }

    /// A kernel at a batch size: with its macros that is the whole launch.
    struct Key: Hashable {
        var batch: Int
        var variant: KernelVariant
    }

    /// What came of a measurement.
    enum Outcome: Hashable {
        /// The median, in microseconds.
        case took(Double)
        /// It didn't compile, didn't run, or gave other numbers than the table's choice.
        case unusable
    }

    package let setting: Setting
    var outcomes: [Key: Outcome] = [:]

    /// No measurements yet.
    package init(_ setting: Setting) { self.setting = setting }

    /// How many measurements there are.
    package var count: Int { outcomes.count }

    /// Joins the measurements of two builds.
    ///
    /// - Parameter other: measurements of the same setting; others are left out.
    /// - Returns: the other's with these put over them.
    package func merged(over other: TileTimings) -> TileTimings {
        guard other.setting == setting else { return self }
        var all = self
        all.outcomes.merge(other.outcomes) { own, _ in own }
        return all
    }
}

extension KernelSources {
    /// The digest of all sources, names included.
    static let digest: String = Digest.of(files.map { "\($0.name)\n\($0.text)\n" }.joined()).hex
}
