/// The number format that an engine computes in. Raw values are the spellings used in YAML and in engine file names.
public enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floating point, the reference.
    case fp32
    /// 16-bit floating point.
    case fp16
    /// 8-bit integers, calibrated on faces.
    case int8
}
