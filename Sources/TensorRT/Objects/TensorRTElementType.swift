/// The type of a tensor's elements, numbered as in TensorRT.
package enum TensorRTElementType: Int32, Sendable, CaseIterable {
    case float, half, int8, int32, bool, uint8, fp8, bfloat16, int64, int4, fp4

    /// Bits of one element, as they lie in memory.
    package var bitCount: Int {
        switch self {
        case .int64: 64
        case .float, .int32: 32
        case .half, .bfloat16: 16
        case .int8, .bool, .uint8, .fp8: 8
        case .int4, .fp4: 4
        }
    }
}
