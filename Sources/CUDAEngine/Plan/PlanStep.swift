/// A step as kernels do it: a product with packed weights, and its epilogue.
package struct PlanStep: Sendable, Hashable {
    /// Which product.
    package enum Kind: UInt8, Sendable, Hashable {
        /// 3×3 convolution of bytes.
        case stem = 0
        /// Dense convolution, and the matrix product at the end as one of a 1×1 image.
        case convolution = 1
        case depthwise = 2
        /// A factor for each channel.
        case elementwise = 3
    }

    /// The node that it comes from.
    package var name: String
    package var kind: Kind
    /// Numbers of the values that it takes, gives and adds.
    package var input, output: Int
    package var residual: Int?
    /// The value that a 1×1 product beside the first one takes, every `stride` places.
    package var shortcut: Int?
    /// Its view of what it takes and gives for one face; as many numbers as the values have.
    package var inputShape, outputShape: ActivationShape
    /// Rows and columns of the window, its step, and the zeros on each side.
    package var size, stride, padding: Int
    package var epilogue: Epilogue
    /// The weights, in each layout that a launch asks for.
    package var weights: [PackedWeights]
    /// Where the float32 biases are; nine times as many with `border`.
    package var biasOffset: Int
    /// Where the float32 slopes are.
    package var slopeOffset: Int?

    /// Numbers of one bias or slope set.
    package var channels: Int { outputShape.channels }
}

/// What happens to a product's sums: `activation(sum + bias) + residual`. Bits as the kernels know them.
package struct Epilogue: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let prelu = Epilogue(rawValue: 1)
    package static let residual = Epilogue(rawValue: 2)
    package static let border = Epilogue(rawValue: 4)
    package static let float32Output = Epilogue(rawValue: 8)
    static let known: Epilogue = [.prelu, .residual, .border, .float32Output]
}

/// One layout of a step's weights.
package struct PackedWeights: Sendable, Hashable {
    package enum Layout: UInt8, Sendable, Hashable {
        /// The plan's element, `[outputs][depth]`: a row of taps for each output channel.
        case rows = 0
        /// The plan's element, `[taps][channels]`.
        case depthwise = 1
        /// float32 `[channels]`.
        case factors = 2
        /// float16 blocks of 64 × 64, swizzled for `wgmma`.
        case blocks = 3
    }

    package var layout: Layout
    package var offset: Int
    package var byteCount: Int
}
