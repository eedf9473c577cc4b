/// Which layers are compared in one run of the graphs, and on how many faces at a time, so that memory stays bounded:
/// a run holds all of its layers at once.
struct LayerPlan: Sendable, Equatable {
    /// Places in the list of layers, group by group.
    let groups: [Range<Int>]
    /// Faces a run.
    let batch: Int

    /// Bytes that the layers of one run may take, both graphs together. IResNet-100 takes 500 MB a face.
    static let budget = 512 << 20
    /// More faces a run gain nothing on a CPU.
    private static let largestBatch = 8
    /// A layer lies in both graphs, and in each as it was computed and as float32.
    private static let bytesPerNumber = 16

    /// - Parameters:
    ///   - counts: numbers of each layer for one face.
    ///   - budget: bytes a run.
    init(counts: [Int], budget: Int = Self.budget) {
        let limit = max(1, budget / Self.bytesPerNumber)
        var groups: [Range<Int>] = []
        var start = 0
        var held = 0
        for (place, count) in counts.enumerated() {
            if held > 0, held + count > limit {
                groups.append(start..<place)
                start = place
                held = 0
            }
            held += count
        }
        if start < counts.count { groups.append(start..<counts.count) }
        self.groups = groups
        batch = groups.count == 1 ? min(Self.largestBatch, max(1, limit / max(1, held))) : 1
    }
}
