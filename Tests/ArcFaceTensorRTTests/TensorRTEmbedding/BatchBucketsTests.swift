import Testing

@testable import ArcFaceTensorRT

@Suite("Batch buckets")
struct BatchBucketsTests {
    private typealias Range = BatchBuckets.ProfileRange

    private static func buckets(_ profiles: [[Int]], lanes: Int = 2) throws -> BatchBuckets {
        try #require(
            BatchBuckets(
                profiles: profiles.map { Range(minimum: $0[0], optimum: $0[1], maximum: $0[2]) }, lanes: lanes))
    }

    @Test func `are what the profiles are tuned for, and each lane has profiles of its own`() throws {
        let buckets = try Self.buckets([[1, 1, 1], [1, 8, 8], [1, 32, 32], [1, 1, 1], [1, 8, 8], [1, 32, 32]])
        #expect(buckets.lanes == 2)
        #expect(
            buckets.buckets == [
                .init(size: 1, profiles: [0, 3]), .init(size: 8, profiles: [1, 4]), .init(size: 32, profiles: [2, 5]),
            ])
        #expect((0..<3).allSatisfy(buckets.isAlone))
        #expect(buckets.profiles(ofLane: 1) == [3, 4, 5])
    }

    @Test func `a profile that is there once allows one lane`() throws {
        let buckets = try Self.buckets([[1, 8, 8], [1, 32, 32], [1, 8, 8]])
        #expect(buckets.lanes == 1)
        #expect(buckets.buckets.map(\.profiles) == [[0], [0], [1]])
        #expect(buckets.buckets.map(\.size) == [1, 8, 32])
        // A single face and eight share a profile, so neither keeps its shape.
        #expect([0, 1, 2].map(buckets.isAlone) == [false, false, true])
    }

    @Test func `profiles that take ranges are run at their best and at the largest batch`() throws {
        let buckets = try Self.buckets([[1, 8, 32]])
        #expect(buckets.buckets.map(\.size) == [1, 8, 32])
        #expect(try Self.buckets([[4, 4, 4]]).buckets.map(\.size) == [4])
        #expect(try Self.buckets([[1, 1, 1], [2, 8, 16], [17, 32, 64]]).buckets.map(\.size) == [1, 8, 32, 64])
    }

    @Test func `an engine without a usable profile has none`() {
        #expect(BatchBuckets(profiles: [], lanes: 2) == nil)
        #expect(BatchBuckets(profiles: [Range(minimum: 0, optimum: 0, maximum: 0)], lanes: 2) == nil)
        #expect(BatchBuckets(profiles: [Range(minimum: 4, optimum: 2, maximum: 8)], lanes: 2) == nil)
    }

    @Test(arguments: [
        (1, [1]), (2, [8]), (8, [8]), (9, [8, 1]), (16, [8, 8]), (17, [32]), (18, [32]), (32, [32]), (33, [32, 1]),
        (70, [32, 32, 8]), (100, [32, 32, 32, 8]),
    ])
    func `a batch is split where that computes fewer faces`(count: Int, sizes: [Int]) throws {
        let buckets = try Self.buckets([[1, 1, 1], [1, 8, 8], [1, 32, 32]])
        #expect(buckets.pieces(of: count).map { buckets.buckets[$0.bucket].size } == sizes)
    }

    @Test(arguments: [[[1, 1, 1], [1, 8, 8], [1, 32, 32]], [[4, 4, 4]], [[1, 1, 1], [2, 5, 7]], [[1, 1, 1]]])
    func `the pieces hold every face once, in order`(profiles: [[Int]]) throws {
        let buckets = try Self.buckets(profiles)
        for count in 0...150 {
            let pieces = buckets.pieces(of: count)
            #expect(pieces.flatMap { Array($0.range) } == Array(0..<count))
            #expect(pieces.allSatisfy { !$0.range.isEmpty && $0.range.count <= buckets.buckets[$0.bucket].size })
        }
    }

    @Test func `less memory means fewer lanes, then smaller batches, then nothing`() throws {
        var buckets: BatchBuckets? = try Self.buckets([[1, 1, 1], [1, 8, 8], [1, 1, 1], [1, 8, 8]])
        var seen: [[Int]] = []
        while let current = buckets {
            seen.append([current.lanes] + current.buckets.map(\.size))
            buckets = current.smaller
        }
        #expect(seen == [[2, 1, 8], [1, 1, 8], [1, 1]])
    }
}
