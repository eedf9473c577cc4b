/// Greedy non-maximum suppression, with the semantics of OpenCV's `NMSBoxes`.
enum NonMaximumSuppression {
    /// The faces that no better face overlaps by more than `threshold`, by descending score (equal scores in the given
    /// order). Only the best `topK` take part; the rest is dropped.
    ///
    /// Overlap is intersection over union of the boxes cut to whole pixels towards zero; boxes without area count as
    /// overlapping wholly. O(n · kept).
    static func keep(_ faces: [DetectedFace], threshold: Float, topK: Int) -> [DetectedFace] {
        // Offsets break ties, for the order among equals is part of the result.
        let order = faces.indices.sorted { (-faces[$0].score, $0) < (-faces[$1].score, $1) }.prefix(max(topK, 0))
        var kept: [(face: DetectedFace, box: PixelBox)] = []
        for index in order {
            let box = PixelBox(faces[index].box)
            if kept.allSatisfy({ box.overlap(with: $0.box) <= threshold }) { kept.append((faces[index], box)) }
        }
        return kept.map(\.face)
    }
}

/// A box cut to whole pixels.
private struct PixelBox {
    let left: Double
    let top: Double
    let width: Double
    let height: Double

    init(_ box: FaceBox) {
        // Doubles hold whole numbers exactly and, unlike integers, take what a broken network may give.
        left = box.x.rounded(.towardZero)
        top = box.y.rounded(.towardZero)
        width = box.width.rounded(.towardZero)
        height = box.height.rounded(.towardZero)
    }

    /// Intersection over union, 0…1.
    func overlap(with other: PixelBox) -> Float {
        let areas = width * height + other.width * other.height
        guard areas > 0 else { return 1 }
        let across = min(left + width, other.left + other.width) - max(left, other.left)
        let down = min(top + height, other.top + other.height) - max(top, other.top)
        let shared = across > 0 && down > 0 ? across * down : 0
        return Float(shared / (areas - shared))
    }
}
