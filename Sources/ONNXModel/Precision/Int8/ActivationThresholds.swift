/// The magnitude of each value that the largest integer stands for; what lies beyond is clipped.
package struct ActivationThresholds: Sendable, Equatable {
    /// The thresholds by the values' names.
    package private(set) var thresholds: [String: Float]

    /// Thresholds by the values' names; those that aren't finite or negative count as not measured.
    package init(_ thresholds: [String: Float]) {
        self.thresholds = thresholds.filter { $0.value.isFinite && $0.value >= 0 }
    }

    /// The scale of the value of that name: what one integer step stands for; nil if it wasn't measured.
    func scale(_ name: String) -> Float? {
        guard let threshold = thresholds[name] else { return nil }
        // A value that was always 0 has any scale.
        return threshold > 0 ? max(threshold / 127, .leastNormalMagnitude * 256) : 1
    }
}
