internal import CONNXModel

/// The ranges that the values of a graph took on real faces.
package struct ActivationRanges: Sendable, Equatable {
    /// The range of one value over all faces seen.
    package struct Range: Sendable, Equatable {
        /// The least finite number; +∞ if there was none.
        package var minimum: Float
        /// The greatest finite number; −∞ if there was none.
        package var maximum: Float
        /// Numbers that were infinite or none.
        package var notFinite: Int

        /// A range of the given ends.
        package init(minimum: Float, maximum: Float, notFinite: Int = 0) {
            self.minimum = minimum
            self.maximum = maximum
            self.notFinite = notFinite
        }

        /// The largest finite magnitude; 0 if there was no finite number.
        package var magnitude: Float { minimum <= maximum ? max(abs(minimum), abs(maximum)) : 0 }
    }

    /// The ranges by the values' names.
    package private(set) var ranges: [String: Range] = [:]

    /// No ranges.
    package init() {}

    /// The range of the value of that name, if it was measured.
    package subscript(name: String) -> Range? {
        get { ranges[name] }
        set { ranges[name] = newValue }
    }

    /// Widens the range of a value by the numbers that it took.
    package mutating func add(_ name: String, _ numbers: UnsafeBufferPointer<Float>) {
        guard let base = numbers.baseAddress else { return }
        let found = conn_range_of_floats(base, numbers.count)
        let known = ranges[name] ?? Range(minimum: .infinity, maximum: -.infinity)
        ranges[name] = Range(
            minimum: min(known.minimum, found.minimum), maximum: max(known.maximum, found.maximum),
            notFinite: known.notFinite + found.not_finite)
    }
}
