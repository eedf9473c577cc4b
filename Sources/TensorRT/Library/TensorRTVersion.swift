internal import CTensorRT

/// Which of NVIDIA's libraries it is.
package enum TensorRTFlavour: String, Sendable, CaseIterable {
    /// `libnvinfer`: builds and runs.
    case full = "tensorrt"
    /// `libnvinfer_lean`: runs version-compatible plans.
    case lean = "tensorrt-lean"
    /// `libnvinfer_dispatch`: runs version-compatible plans with the lean runtime inside them.
    case dispatch = "tensorrt-dispatch"
    /// `libtensorrt_rtx`: builds without a GPU, runs on GeForce and RTX GPUs.
    case rtx = "tensorrt-rtx"
}

/// A version of TensorRT or TensorRT-RTX.
package struct TensorRTVersion: Sendable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int
    package var patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Takes apart what `getInferLibVersion` says: up to 8 the minor has two digits less (8601), from 10 on and on RTX
    /// both have two digits (100300, 10701); 9 counted as 8 did.
    package init(libraryNumber number: Int) {
        self =
            number < 10_000
            ? TensorRTVersion(number / 1000, number / 100 % 10, number % 100)
            : TensorRTVersion(number / 10_000, number / 100 % 100, number % 100)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    package var description: String { "\(major).\(minor).\(patch)" }

    /// The binary interface; nil when it isn't one of those known.
    func family(of flavour: TensorRTFlavour) -> trt_family? {
        switch (flavour, major, minor) {
        case (.rtx, 1, 5...): TRT_FAMILY_RTX
        case (.rtx, _, _): nil
        case (_, 8, 6): TRT_FAMILY_8
        case (_, 10, _): TRT_FAMILY_10
        case (_, 11, _): TRT_FAMILY_11
        default: nil
        }
    }
}
