/// A step of a network: a product with weights, and what is done to its sums before they are stored.
///
/// `y = activation(product(x) + bias) + residual`; activation and residual may be missing. Scales, shifts, additions and PReLUs
/// that stand alone are depthwise products with a window of one place.
package struct FusedOperation: Sendable {
    /// Which product.
    package enum Kind: String, Sendable, CaseIterable {
        /// A convolution of the uint8 image, from which `FusedNetwork.mean` is subtracted first.
        case stem
        /// A convolution over all channels.
        case convolution
        /// A window for each channel alone.
        case depthwise
        /// One row of outputs for a whole image.
        case fullyConnected
    }

    package var kind: Kind
    /// The node that it comes from, for messages.
    package var name: String
    /// Numbers of the values that it takes and gives.
    package var input, output: Int
    package var window: Window
    /// `[outputs, inputs, rows, columns]`, row-major; for `depthwise` there is one input, the channel itself.
    package var weights: WeightMatrix
    package var bias: ChannelBias
    /// PReLU's factor for negative sums, one a channel.
    package var slopes: [Float]?
    /// A value of the output's shape that is added.
    package var residual: Int?
    /// For a normalisation that stands alone: its largest |β/γ|, the shift in units of what it brings to 1.
    package var relativeShift: Float?
    /// A 1×1 product of another value that goes into the same sums; its steps are the window's.
    package var shortcut: Shortcut?

    /// A product beside the first one.
    package struct Shortcut: Sendable {
        /// The value that it takes.
        package var input: Int
        package var weights: WeightMatrix
    }

    /// Whether it is `scale · x + shift` for each channel, and nothing else.
    var isAffine: Bool {
        kind == .depthwise && window == .point && slopes == nil && residual == nil && bias.classes == 1
    }

    /// Whether its product changes nothing.
    var hasIdentityProduct: Bool {
        kind == .depthwise && window == .point && bias.classes == 1 && bias.values.allSatisfy { $0 == 0 }
            && weights.values.allSatisfy { $0 == 1 }
    }
}
