/// For which runtime 8-bit graphs are written: both compute the same integers, but fuse different patterns.
package enum Int8Target: String, Sendable, CaseIterable {
    /// TensorRT: signed bytes; a pair in front of each layer and of the shortcut of each residual addition, none behind a
    /// layer, whose sums it keeps until the activation is done. Biases stay float32.
    case tensorrt
    /// ONNX Runtime's CPU provider: a pair in front of and behind each layer, since it has no layer that takes bytes and
    /// gives floats; biases as int32. Bytes are unsigned with zero point 128, the same grid: with signed ones it leaves
    /// half of the layers in float32. Residual additions stay in float32, at the same speed.
    case onnxruntime

    /// The type of quantised activations.
    var elementType: ElementType { self == .tensorrt ? .int8 : .uint8 }
    /// The integer that stands for 0.
    var zeroPoint: UInt8 { self == .tensorrt ? 0 : 128 }
    /// Whether a layer's output is quantised before its activation.
    var quantizesOutputs: Bool { self == .onnxruntime }
    /// Whether biases are written as int32 of the scale that the sums have.
    var quantizesBiases: Bool { self == .onnxruntime }
    /// Whether the shortcut of a residual addition is quantised.
    var quantizesShortcuts: Bool { self == .tensorrt }
}
