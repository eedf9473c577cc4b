/// The batch sizes that an engine is run at, and the optimisation profiles that run them.
///
/// A smaller batch is padded to its bucket, so that every run has a shape that was seen, and captured, before the first
/// caller came. Rows don't depend on each other, so what fills the rest of a bucket doesn't matter.
struct BatchBuckets: Sendable, Equatable {
    /// What one profile of an engine takes.
    struct ProfileRange: Sendable, Hashable {
        var minimum: Int, optimum: Int, maximum: Int
    }

    /// One batch size.
    struct Bucket: Sendable, Equatable {
        /// Faces of a run.
        var size: Int
        /// The profile that each lane runs it with.
        var profiles: [Int]
    }

    /// A part of a batch: one run.
    struct Piece: Sendable, Equatable {
        /// The bucket's index.
        var bucket: Int
        /// The batch's faces.
        var range: Range<Int>
    }

    /// Ascending by size; one at least.
    private(set) var buckets: [Bucket]
    /// How many lanes have profiles of their own; 1 or more.
    private(set) var lanes: Int

    /// What a run costs beside its faces, in faces: 9 are better run as 8 + 1 than as 32, and 2 as 8 than as 1 + 1. A rule of
    /// thumb.
    private static let costOfRun = 8

    /// Chooses buckets: what each profile is tuned for, the largest batch of all, and a single face if some profile takes
    /// it. Of profiles that are there several times each lane gets one. Nil if no profile takes any batch.
    ///
    /// - Parameters:
    ///   - profiles: what the engine's profiles take, in their order.
    ///   - lanes: the most lanes wanted, 1 or more.
    init?(profiles: [ProfileRange], lanes: Int) {
        var copies: [ProfileRange: [Int]] = [:]
        for (index, range) in profiles.enumerated()
        where 1 <= range.minimum && range.minimum <= range.optimum && range.optimum <= range.maximum {
            copies[range, default: []].append(index)
        }
        // The smallest first, so that a single face is the concern of the profile that is nearest to it.
        let ranges = copies.keys.sorted { ($0.maximum, $0.optimum, $0.minimum) < ($1.maximum, $1.optimum, $1.minimum) }
        guard let largest = ranges.last else { return nil }
        var owners: [Int: ProfileRange] = [largest.maximum: largest]
        if let first = ranges.first(where: { $0.minimum == 1 }) { owners[1] = first }
        for range in ranges.reversed() where range.optimum < largest.maximum { owners[range.optimum] = range }
        let used = Set(owners.values)
        self.lanes = max(1, min(lanes, used.compactMap { copies[$0]?.count }.min() ?? 1))
        let count = self.lanes
        buckets = owners.sorted { $0.key < $1.key }.map { size, range in
            Bucket(size: size, profiles: Array((copies[range] ?? []).prefix(count)))
        }
    }

    /// Buckets of an engine that any number of lanes may run, each size with launches of its own.
    ///
    /// - Parameters:
    ///   - sizes: ascending; one at least.
    ///   - lanes: 1 or more.
    init(sizes: [Int], lanes: Int) {
        self.lanes = lanes
        buckets = sizes.enumerated().map { Bucket(size: $1, profiles: Array(repeating: $0, count: lanes)) }
    }

    /// The largest batch of one run.
    var largest: Int { buckets.last?.size ?? 0 }

    /// Whether a bucket has its profiles for itself. Only then its context's shape never changes, and its graph stays true.
    func isAlone(_ bucket: Int) -> Bool {
        buckets.filter { $0.profiles == buckets[bucket].profiles }.count == 1
    }

    /// The profiles that a lane uses, each once.
    func profiles(ofLane lane: Int) -> [Int] {
        Array(Set(buckets.map { $0.profiles[lane] })).sorted()
    }

    /// What needs less memory: a lane less, or else smaller batches; nil if there is nothing less.
    var smaller: BatchBuckets? {
        var result = self
        if lanes > 1 {
            result.lanes -= 1
            for index in buckets.indices { result.buckets[index].profiles.removeLast() }
        } else if buckets.count > 1 {
            result.buckets.removeLast()
        } else {
            return nil
        }
        return result
    }

    /// Splits a batch into runs: the largest as often as they are full, then those that cost least.
    func pieces(of count: Int) -> [Piece] {
        var sizes = Array(repeating: buckets.count - 1, count: largest > 0 ? count / largest : 0)
        sizes += cheapest(largest > 0 ? count % largest : 0)
        var start = 0
        return sizes.map { bucket in
            let end = min(start + buckets[bucket].size, count)
            defer { start = end }
            return Piece(bucket: bucket, range: start..<end)
        }
    }

    /// The buckets that take `count` faces, fewer than the largest takes, at the least cost; larger ones first.
    private func cheapest(_ count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var best: [(cost: Int, bucket: Int)] = [(0, 0)]
        for faces in 1...count {
            let options = buckets.enumerated().map { index, bucket in
                (cost: bucket.size + Self.costOfRun + best[max(0, faces - bucket.size)].cost, bucket: index)
            }
            // Of equal ones the last: a larger bucket means fewer runs.
            best.append(options.reversed().min { $0.cost < $1.cost } ?? (0, 0))
        }
        var chosen: [Int] = []
        var left = count
        while left > 0 {
            chosen.append(best[left].bucket)
            left -= buckets[best[left].bucket].size
        }
        return chosen.sorted(by: >)
    }
}
