/// How well a candidate's tensor agrees with a reference's, over as many pieces of it as are added.
///
/// Sums are in double precision. Places where either side is NaN or infinite are counted, and left out of all else.
package struct TensorAgreement: Sendable, Equatable {
    /// Numbers compared, those that aren't finite included.
    package private(set) var count = 0
    /// Places where both numbers are finite.
    package private(set) var finiteCount = 0
    /// NaN values of the reference.
    package private(set) var referenceNaNCount = 0
    /// NaN values of the candidate.
    package private(set) var candidateNaNCount = 0
    /// Infinite values of the reference.
    package private(set) var referenceInfinityCount = 0
    /// Infinite values of the candidate.
    package private(set) var candidateInfinityCount = 0
    /// The largest difference of two finite numbers.
    package private(set) var maximumDifference = 0.0
    private var products = 0.0
    private var referenceSquares = 0.0
    private var candidateSquares = 0.0
    private var differenceSquares = 0.0

    /// Nothing compared yet.
    package init() {}

    /// Adds a piece of both tensors.
    ///
    /// - Throws: `EvaluationError` when the pieces differ in size.
    package mutating func add(
        reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>
    ) throws(EvaluationError) {
        guard reference.count == candidate.count else {
            throw EvaluationError(
                code: .sizeMismatch,
                what: "the reference has \(reference.count) numbers, the candidate \(candidate.count)")
        }
        guard let left = reference.baseAddress, let right = candidate.baseAddress else { return }
        count += reference.count
        var sums = (products: 0.0, reference: 0.0, candidate: 0.0, difference: 0.0)
        var largest: Float = 0
        var finite = 0
        for place in 0..<reference.count {
            let (a, b) = (left[place], right[place])
            guard a.isFinite, b.isFinite else {
                countUnusual(a, b)
                continue
            }
            let (wideA, wideB) = (Double(a), Double(b))
            let difference = wideA - wideB
            sums.products += wideA * wideB
            sums.reference += wideA * wideA
            sums.candidate += wideB * wideB
            sums.difference += difference * difference
            largest = max(largest, abs(a - b))
            finite += 1
        }
        finiteCount += finite
        products += sums.products
        referenceSquares += sums.reference
        candidateSquares += sums.candidate
        differenceSquares += sums.difference
        maximumDifference = max(maximumDifference, Double(largest))
    }

    private mutating func countUnusual(_ a: Float, _ b: Float) {
        if a.isNaN { referenceNaNCount += 1 } else if a.isInfinite { referenceInfinityCount += 1 }
        if b.isNaN { candidateNaNCount += 1 } else if b.isInfinite { candidateInfinityCount += 1 }
    }

    /// The cosine between the tensors as two long vectors, -1 to 1; 1 if both are zero, 0 if one is. NaN if no two
    /// numbers are finite.
    package var cosine: Double {
        guard finiteCount > 0 || count == 0 else { return .nan }
        let lengths = (referenceSquares * candidateSquares).squareRoot()
        guard lengths > 0 else { return referenceSquares == candidateSquares ? 1 : 0 }
        return min(1, max(-1, products / lengths))
    }

    /// The length of the difference over the length of the reference, from 0; infinite if only the reference is zero.
    /// NaN if no two numbers are finite.
    package var relativeL2: Double {
        guard finiteCount > 0 || count == 0 else { return .nan }
        guard referenceSquares > 0 else { return differenceSquares > 0 ? .infinity : 0 }
        return (differenceSquares / referenceSquares).squareRoot()
    }

    /// One figure to rank by: the relative L2, and infinity where one side has more NaN or infinite numbers.
    package var error: Double {
        let sameNumbers =
            referenceNaNCount == candidateNaNCount && referenceInfinityCount == candidateInfinityCount
        guard sameNumbers else { return .infinity }
        // Not finite on either side, all of it: the candidate does as the reference does.
        return finiteCount == 0 ? 0 : relativeL2
    }

    /// NaN and infinite numbers of both sides.
    package var unusualCount: Int {
        referenceNaNCount + candidateNaNCount + referenceInfinityCount + candidateInfinityCount
    }
}
