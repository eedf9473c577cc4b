/// Which kernel does a step at a batch size, and how it is cut into tiles.
enum KernelChoice: Hashable {
    case stem(tileRows: Int)
    case convolution(ConvolutionTile)
    case depthwise
    case elementwise
    case exact(ExactTile)
    case hopper(HopperTile)
    case hopperSplit(HopperSplitTile)

    /// The layout in which it reads weights.
    var layout: PackedWeights.Layout {
        switch self {
        case .stem, .convolution, .exact: .rows
        case .depthwise: .depthwise
        case .elementwise: .factors
        case .hopper, .hopperSplit: .blocks
        }
    }

    /// The choice for a step in float32 throughout.
    static func exact(_ step: PlanStep, batch: Int, target: KernelTarget) -> KernelChoice {
        switch step.kind {
        case .stem, .convolution: .exact(ExactTile.best(for: step, batch: batch, target: target))
        case .depthwise: .depthwise
        case .elementwise: .elementwise
        }
    }

    /// The choice for a step in float16.
    static func of(_ step: PlanStep, batch: Int, target: KernelTarget) -> KernelChoice {
        switch step.kind {
        case .stem: .stem(tileRows: batch == 1 ? 1 : batch <= 8 ? 2 : step.stride == 2 ? 4 : 8)
        case .depthwise: .depthwise
        case .elementwise: .elementwise
        case .convolution:
            (target.architecture.isHopper ? HopperTable.builtIn.choice(for: step, batch: batch) : nil)
                ?? .convolution(ConvolutionTile.best(for: step, batch: batch, target: target))
        }
    }
}
