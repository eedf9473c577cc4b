import Foundation

/// How many decimals show a number with so many digits that count: 0.0134, 1.37, 53.2, 1340.
package enum SignificantDigits {
    /// More decimals than this say nothing that anybody measured.
    private static let mostDecimals = 6

    /// Decimals of a factor: with three digits that count, and two decimals at most unless it is small.
    package static func decimals(ofFactor value: Double) -> Int {
        value >= 0.1 ? min(2, decimals(of: value)) : decimals(of: value)
    }

    /// - Parameters:
    ///   - value: the number.
    ///   - digits: digits that count, 1 or more; whole numbers keep all that they have.
    /// - Returns: decimals, 0…6; 0 for zero and for what isn't finite.
    package static func decimals(of value: Double, digits: Int = 3) -> Int {
        guard value.isFinite, value != 0 else { return 0 }
        let places = digits - 1 - Int(log10(abs(value)).rounded(.down))
        let decimals = min(max(0, places), mostDecimals)
        // 9.996 is rounded to 10.0: one decimal less.
        let rounded = (abs(value) * pow(10, Double(decimals))).rounded()
        return rounded >= pow(10, Double(digits)) ? max(0, decimals - 1) : decimals
    }
}
