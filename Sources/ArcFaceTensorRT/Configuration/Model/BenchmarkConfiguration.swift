/// `benchmark`: what a benchmark measures.
public struct BenchmarkConfiguration: Sendable, Equatable {
    /// `benchmark.batch_sizes`: the batch sizes that are timed, 1 to 64 of them, each 1 to 4096 faces.
    public var batchSizes: [Int]

    /// Makes the settings; what isn't given has its default.
    public init(batchSizes: [Int] = [1, 8, 32]) {
        self.batchSizes = batchSizes
    }
}
