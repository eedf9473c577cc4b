/// What float16 can hold, and what still counts as held.
enum HalfLimits {
    /// The largest float16.
    static let largest: Float = 65_504
    /// The least float16 with all of its 11 bits; below, bits are lost one by one down to 2⁻²⁴.
    static let smallestNormal: Float = 0x1p-14
    /// Measured values must stay below this: other faces may give twice as much as those measured.
    static let largestMeasured = largest / 2
    /// Rounding loses at most 2⁻¹¹ of a number; a tensor that loses more, root of squares over root of squares, is made of numbers
    /// that are too small. Single small ones among larger ones don't matter: a product's sum doesn't see them.
    static let relativeLoss = 0x1p-10
}

/// Why a node stays in float32.
package enum HalfObstacle: Sendable, Equatable, CustomStringConvertible {
    /// The operator sums squares or exponentials, which overflow first.
    case needsSingle
    /// Nothing is known of the operator in float16.
    case unknownOperator
    /// Its constants reach this magnitude.
    case largeConstant(Float)
    /// Its constants are at most of this magnitude, and lose the given share of themselves.
    case smallConstant(Float, loss: Double)
    /// A value that it takes or gives reached this magnitude on faces.
    case largeValue(Float)
    /// What it gives stayed below this magnitude on faces.
    case smallValue(Float)

    /// The reason as the end of a sentence: `its largest weight is 70000.0, and float16 ends at 65504`.
    package var description: String {
        switch self {
        case .needsSingle: "its sums need float32's range"
        case .unknownOperator: "nothing is known of it in float16"
        case .largeConstant(let largest): "its largest weight is \(largest), and float16 ends at 65504"
        case .smallConstant(let largest, let loss):
            "its largest weight is \(largest), and float16 would lose \(Self.percent(loss)) of its weights"
        case .largeValue(let largest):
            "its values reach \(largest) on faces, and float16, which ends at 65504, has to hold twice that"
        case .smallValue(let largest): "its values stay below \(largest) on faces, where float16 has few digits"
        }
    }

    private static func percent(_ share: Double) -> String {
        share >= 0.01 ? "\(Int((share * 100).rounded())) %" : "\((share * 10_000).rounded() / 100) %"
    }
}
