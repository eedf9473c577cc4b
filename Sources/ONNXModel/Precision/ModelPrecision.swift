/// The number format that a prepared graph computes in. It is written into the graph: runtimes take it from nowhere else.
package enum ModelPrecision: String, Sendable, CaseIterable {
    /// IEEE single precision, the reference.
    case fp32
    /// IEEE half precision: weights and activations; the embedding comes out in single precision.
    case fp16
    /// 8-bit integers in `QuantizeLinear`/`DequantizeLinear` pairs.
    case int8
}
