internal import Foundation

extension CalibrationMethod {
    /// Levels that the magnitudes of a signed byte have, zero included.
    private static let levels = 128
    /// Bins between two thresholds that are tried.
    private static let stride = 16

    /// The threshold whose clipped distribution P is nearest to its quantised form Q: least Σ P · log(P / Q).
    ///
    /// Clipped numbers count in P's last bin but not in Q, which is what makes clipping cost something. Q spreads what a
    /// level holds evenly over those of its bins that aren't empty. (Migacz, "8-bit inference with TensorRT", GTC 2017.)
    static func entropy(_ histogram: MagnitudeHistogram) -> Float {
        let bins = histogram.bins.map(Double.init)
        // Zeros are exact whatever the scale, and after a Relu they would outweigh everything else.
        var counts = bins
        counts[0] = Swift.min(bins[0], bins[1])
        guard let last = counts.lastIndex(where: { $0 > 0 }), last >= levels else { return histogram.largest }
        let sums = counts.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        let total = sums[counts.count]
        var best = (divergence: Double.infinity, bins: last + 1)
        for count in Swift.stride(from: levels, through: last + levels, by: stride) {
            let length = Swift.min(count, last + 1)
            let divergence = divergence(counts, sums, length, total)
            if divergence < best.divergence { best = (divergence, length) }
            if length == last + 1 { break }
        }
        return Float(best.bins) * histogram.width
    }

    private static func divergence(_ counts: [Double], _ sums: [Double], _ length: Int, _ total: Double) -> Double {
        let outliers = total - sums[length]
        let kept = sums[length]
        guard kept > 0 else { return .infinity }
        var divergence = 0.0
        for level in 0..<levels {
            let range = level * length / levels..<(level + 1) * length / levels
            let filled = range.reduce(0) { $0 + (counts[$1] > 0 ? 1 : 0) }
            guard filled > 0 else { continue }
            let even = (sums[range.upperBound] - sums[range.lowerBound]) / Double(filled) / kept
            for bin in range where counts[bin] > 0 {
                let clipped = bin == length - 1 ? outliers : 0
                let share = (counts[bin] + clipped) / total
                divergence += share * log(share / even)
            }
        }
        // Where the last bin is empty Q has no place for what was clipped.
        if counts[length - 1] == 0, outliers > 0 { return .infinity }
        return divergence
    }
}
