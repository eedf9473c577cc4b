package import CUDAEngine
package import ONNXModel

/// Face networks with every arrangement of operators that the compiler knows, with few channels.
package enum SmallNetworks {
    package static func all() throws -> [FusedNetwork] {
        try [residual(), mobile()].map { try EngineCompiler.network(of: $0) }
    }

    /// The smallest with a residual: for tests that run it often. 64 numbers.
    package static func tiny() throws -> PreparedModel {
        var builder = NetworkBuilder(seed: 5)
        let stem = builder.prelu(builder.convolution("image", from: 3, to: 64, stride: 2), 64)
        var inner = builder.convolution(builder.normalization(stem, 64), from: 64, to: 64)
        inner = builder.prelu(builder.normalization(inner, 64), 64)
        inner = builder.convolution(inner, from: 64, to: 64, stride: 4)
        let shortcut = builder.convolution(stem, from: 64, to: 64, kernel: 1, stride: 4)
        var value = builder.node("Add", [inner, shortcut])
        value = builder.node("Flatten", [builder.normalization(value, 64)], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 64 * 14 * 14, to: 64)
        return try builder.prepared(value, width: 64)
    }

    /// IResNet's arrangement: normalisations in front of padded convolutions, a shortcut with a convolution and one without.
    package static func residual() throws -> PreparedModel {
        var builder = NetworkBuilder(seed: 3)
        var value = builder.convolution("image", from: 3, to: 64, stride: 1)
        value = builder.prelu(builder.normalization(value, 64), 64)
        for (inputs, outputs, stride) in [(64, 64, 2), (64, 128, 2), (128, 128, 1), (128, 128, 2)] {
            var inner = builder.convolution(builder.normalization(value, inputs), from: inputs, to: outputs, stride: 1)
            inner = builder.prelu(builder.normalization(inner, outputs), outputs)
            inner = builder.convolution(inner, from: outputs, to: outputs, stride: stride)
            inner = builder.normalization(inner, outputs)
            var shortcut = value
            if stride != 1 || inputs != outputs {
                shortcut = builder.convolution(value, from: inputs, to: outputs, kernel: 1, stride: stride)
                shortcut = builder.normalization(shortcut, outputs)
            }
            value = builder.node("Add", [inner, shortcut])
        }
        value = builder.node("Flatten", [builder.normalization(value, 128)], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 128 * 14 * 14, to: 64)
        return try builder.prepared(value, width: 64)
    }

    /// MobileFaceNet's arrangement: depthwise and pointwise, a linear bottleneck, the last window over the whole image.
    package static func mobile() throws -> PreparedModel {
        var builder = NetworkBuilder(seed: 4)
        var value = builder.prelu(builder.convolution("image", from: 3, to: 24, stride: 2), 24)
        value = builder.prelu(builder.convolution(value, from: 24, to: 24, stride: 2, group: 24), 24)
        for _ in 0..<2 {
            var inner = builder.prelu(builder.convolution(value, from: 24, to: 48, kernel: 1), 48)
            inner = builder.prelu(builder.convolution(inner, from: 48, to: 48, group: 48), 48)
            inner = builder.convolution(inner, from: 48, to: 24, kernel: 1)
            value = builder.node("Add", [value, inner])
        }
        // Groups of two channels, as one MobileFaceNet has them.
        value = builder.prelu(builder.convolution(value, from: 24, to: 24, group: 12), 24)
        value = builder.prelu(builder.convolution(value, from: 24, to: 40, stride: 4), 40)
        value = builder.convolution(value, from: 40, to: 40, kernel: 7, padding: 0, group: 40)
        value = builder.node("Flatten", [value], [Attribute("axis", .int(1))])
        value = builder.fullyConnected(value, from: 40, to: 32)
        return try builder.prepared(value, width: 32)
    }
}
