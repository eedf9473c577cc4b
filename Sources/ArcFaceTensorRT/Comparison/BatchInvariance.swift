import Evaluation
import FaceImages

/// Whether a face's embedding depends on the batch that it is in: each slot is held against its face alone.
package struct BatchInvariance: Sendable {
    /// A slot whose embedding isn't that of its face.
    package struct Slot: Sendable, Equatable {
        /// Its place in the batch, from 0.
        package let slot: Int
        /// The L2 to its face's embedding alone; infinite if it has none.
        package let l2: Double
        /// The slot whose face's embedding it holds instead; nil if it is nobody's.
        package let holds: Int?
    }

    /// What was found at a batch size.
    package struct Size: Sendable, Equatable {
        /// Faces a batch.
        package let size: Int
        /// The largest L2 of all slots.
        package let largestL2: Double
        /// Slots beyond the tolerance.
        package let wrong: [Slot]

        /// PASS if no slot is beyond the tolerance.
        package var verdict: Verdict { wrong.isEmpty ? .pass : .fail }

        /// `slot 0 holds the embedding of slot 1's face, …`; empty if all is well.
        package var text: String {
            let listed = wrong.prefix(4).map { slot in
                slot.holds.map { "slot \(slot.slot) holds the embedding of slot \($0)'s face" }
                    ?? "slot \(slot.slot) differs by \(DiagnosisRun.distance(slot.l2))"
            }
            let rest = wrong.count - listed.count
            return listed.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
        }
    }

    /// The sizes that are looked at.
    package static let sizes = [1, 8, 32]

    /// Each size.
    package let sizes: [Size]
    /// The largest L2 that rounding may make: other batch sizes run other kernels.
    package let tolerance: Double

    /// The worst of all sizes.
    package var verdict: Verdict { sizes.map(\.verdict).max() ?? .pass }

    /// Runs the faces alone, and in batches.
    ///
    /// - Parameters:
    ///   - runtime: what is looked at.
    ///   - faces: one face or more; where there are fewer than slots, variants of them fill the rest, so that no two slots have
    ///     the same face.
    ///   - precision: what it computes in.
    ///   - shouldStop: asked before each call of the runtime; true ends it with the code `cancelled`.
    ///   - progress: gets the number of faces done and of all.
    /// - Throws: `ArcFaceError` with the runtime's own message.
    init(
        _ runtime: any EmbeddingRuntime, faces: FaceSet, precision: Precision,
        shouldStop: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(ArcFaceError) {
        let most = Self.sizes.max() ?? 1
        let filled =
            faces.faces.count >= most
            ? faces.faces.slice(0..<most) : AugmentedFaces.make(most, from: faces.faces, names: faces.names).faces
        let width = runtime.information.embeddingWidth
        let total = most + Self.sizes.reduce(0, +)
        var alone: [Float] = []
        for slot in 0..<most {
            alone += try runtime.rawEmbeddings(of: filled.slice(slot..<slot + 1), shouldStop: shouldStop)
            progress(slot + 1, total)
        }
        let tolerance = precision.batchTolerance
        var sizes: [Size] = []
        for size in Self.sizes {
            let together = try runtime.rawEmbeddings(of: filled.slice(0..<size), shouldStop: shouldStop)
            sizes.append(
                try Size(
                    size, alone: Array(alone.prefix(size * width)), together: together, width: width,
                    tolerance: tolerance))
            progress(most + Self.sizes.prefix(sizes.count).reduce(0, +), total)
        }
        self.sizes = sizes
        self.tolerance = tolerance
    }

    /// What a diagnosis says of it.
    var findings: [Diagnosis.Finding] {
        let wrong = sizes.filter { !$0.wrong.isEmpty }
        guard let first = wrong.first else { return [] }
        let sizesText = wrong.map { "\($0.size)" }.joined(separator: " and ")
        let isExchange = wrong.allSatisfy { $0.wrong.allSatisfy { $0.holds != nil } }
        return [
            Diagnosis.Finding(
                kind: isExchange ? "rows-exchanged" : "batch-dependent",
                sentence: isExchange
                    ? "faces of a batch are exchanged: in batches of \(sizesText), \(first.text)"
                    : "an embedding depends on its batch: in batches of \(sizesText), \(first.text)",
                mend: isExchange
                    ? "look for what reorders a batch: a Gather or Transpose over the batch, or buffers given back in "
                        + "another order"
                    : "look for what works across the batch: a Reshape with a fixed batch, or a normalisation over it")
        ]
    }
}

extension BatchInvariance.Size {
    fileprivate init(
        _ size: Int, alone: [Float], together: [Float], width: Int, tolerance: Double
    ) throws(ArcFaceError) {
        let agreements = try FaceAgreement.perFace(reference: alone, candidate: together, width: width)
        let nearest = try FaceAgreement.nearestRows(
            reference: alone, candidate: together, width: width, window: size)
        let distances = agreements.map { agreement in
            // A face that has no embedding alone is a matter of the comparison, not of the batch.
            agreement.l2.isNaN
                ? (agreement.referenceNorm.isFinite && agreement.referenceNorm > 0 ? .infinity : 0) : agreement.l2
        }
        self.size = size
        largestL2 = distances.max() ?? 0
        var wrong: [BatchInvariance.Slot] = []
        for (slot, l2) in distances.enumerated() where l2 > tolerance {
            let other = nearest[slot]
            let holds = other != slot && Self.equal(together, slot, alone, other, width: width, tolerance: tolerance)
            wrong.append(BatchInvariance.Slot(slot: slot, l2: l2, holds: holds ? other : nil))
        }
        self.wrong = wrong
    }

    private static func equal(
        _ first: [Float], _ row: Int, _ second: [Float], _ other: Int, width: Int, tolerance: Double
    ) -> Bool {
        let one = EmbeddingBatch(raw: Array(first[row * width..<(row + 1) * width]), width: width)
        let two = EmbeddingBatch(raw: Array(second[other * width..<(other + 1) * width]), width: width)
        let squares = zip(one.values, two.values).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
        return squares.squareRoot() <= tolerance
    }
}

extension Precision {
    /// The largest L2 between a face alone and in a batch that rounding makes: kernels for other batch sizes add up in another
    /// order. Two different faces are 0.5 and more apart.
    fileprivate var batchTolerance: Double {
        switch self {
        case .fp32: 0.003
        case .fp16: 0.02
        case .int8: 0.06
        }
    }
}
