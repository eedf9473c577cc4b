/// The least time that a network can take: its arithmetic at the GPU's peak, or its weights through the memory once
/// (Williams, Waterman, Patterson 2009), whichever is longer.
struct Roofline {
    /// Number formats that GPUs have peaks of their own for.
    enum Arithmetic: String, Sendable {
        case fp32, tf32, fp16, int8
    }

    /// Floating-point (or integer) operations of one face.
    let operations: Double
    /// Bytes of the weights.
    let weightBytes: Double
    /// Bytes that come and go with a face.
    let faceBytes: Double
    /// Operations a second.
    let peakOperations: Double
    /// Bytes a second; nil leaves the memory out.
    let peakBytes: Double?

    /// Seconds that a batch takes at least.
    func leastTime(batch: Int) -> Double {
        let arithmetic = operations * Double(batch) / peakOperations
        return max(arithmetic, peakBytes.map { (weightBytes + faceBytes * Double(batch)) / $0 } ?? 0)
    }
}

/// Peaks of NVIDIA's data-centre GPUs, dense, from their data sheets.
struct GPUPeak: Sendable {
    /// The beginning of the name that drivers give, and what must be in it besides.
    private let name: String
    private let mark: String
    /// Tera-operations a second.
    private let tera: [Roofline.Arithmetic: Double]
    /// Gigabytes a second.
    let gigabytes: Double
    /// Where the figures are from.
    let source: String

    /// The first that fits a name counts.
    private static let all = [
        GPUPeak("NVIDIA H200", "", 66.9, 494.7, 989.4, 1978.9, 4800, "NVIDIA H200 data sheet"),
        GPUPeak("NVIDIA H100", "PCIe", 51.2, 378, 756, 1513, 2039, "NVIDIA H100 data sheet (PCIe)"),
        GPUPeak("NVIDIA H100", "", 66.9, 494.7, 989.4, 1978.9, 3352, "NVIDIA H100 data sheet (SXM)"),
        GPUPeak("NVIDIA A100", "40GB", 19.5, 156, 312, 624, 1555, "NVIDIA A100 data sheet (40 GB)"),
        GPUPeak("NVIDIA A100", "", 19.5, 156, 312, 624, 2039, "NVIDIA A100 data sheet (80 GB)"),
        GPUPeak("NVIDIA L40S", "", 91.6, 183, 362, 733, 864, "NVIDIA L40S data sheet"),
        GPUPeak("NVIDIA L4", "", 30.3, 60, 121, 242.5, 300, "NVIDIA L4 data sheet"),
        GPUPeak("NVIDIA A10", "", 31.2, 62.5, 125, 250, 600, "NVIDIA A10 data sheet"),
        GPUPeak("Tesla T4", "", 8.1, 8.1, 65, 130, 320, "NVIDIA T4 data sheet"),
    ]

    private init(
        _ name: String, _ mark: String, _ fp32: Double, _ tf32: Double, _ fp16: Double, _ int8: Double,
        _ gigabytes: Double, _ source: String
    ) {
        self.name = name
        self.mark = mark
        tera = [.fp32: fp32, .tf32: tf32, .fp16: fp16, .int8: int8]
        self.gigabytes = gigabytes
        self.source = source
    }

    /// The peaks of a GPU by the name that its driver gives; nil for one that isn't listed.
    static func of(_ name: String) -> GPUPeak? {
        // "NVIDIA A10" must not take an A100's name, nor "NVIDIA L4" an L40's.
        all.first { peak in
            guard name.hasPrefix(peak.name), peak.mark.isEmpty || name.contains(peak.mark) else { return false }
            let rest = name.dropFirst(peak.name.count)
            return rest.first.map { !$0.isNumber && !$0.isLetter } ?? true
        }
    }

    /// Tera-operations a second in a number format.
    func teraOperations(_ arithmetic: Roofline.Arithmetic) -> Double { tera[arithmetic] ?? 0 }
}
