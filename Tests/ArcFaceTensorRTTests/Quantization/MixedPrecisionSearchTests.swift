import Testing

@testable import ArcFaceTensorRT

@Suite struct MixedPrecisionSearchTests {
    /// Errors add up, and less than `allowed` is accepted.
    private func outcome(
        _ errors: [(String, Double)], allowed: Double, maximumGroups: Int = 100,
        isOverdue: (Double) -> Bool = { _ in false }
    ) throws -> MixedPrecisionSearch.Outcome {
        let table = Dictionary(uniqueKeysWithValues: errors)
        let search = MixedPrecisionSearch(units: errors.map(\.0), maximumGroups: maximumGroups)
        return try search.run(isOverdue: isOverdue) { quantized in
            quantized.reduce(0) { $0 + (table[$1] ?? 0) }
        } accepts: { kept in
            table.filter { !kept.contains($0.key) }.values.reduce(0, +) < allowed
        }
    }

    private let descending = (0..<40).map { ("layer\($0)", 1 / Double($0 + 1)) }

    @Test func nothingIsRankedWhereAllMayBeQuantized() throws {
        let outcome = try outcome([("a", 1), ("b", 2)], allowed: 4)
        #expect(outcome == .init(kept: [], rankings: 0, judgements: 1))
    }

    @Test(arguments: [4.2, 3.0, 2.0, 0.5, 0.1, 0.03])
    func theFewestOfTheWorstAreKept(allowed: Double) throws {
        let outcome = try outcome(descending.reversed(), allowed: allowed)
        let fewest = (0...40).first { count in descending.dropFirst(count).map(\.1).reduce(0, +) < allowed }
        #expect(outcome.kept.map(\.unit) == descending.prefix(fewest ?? 40).map(\.0))
        #expect(outcome.rankings == 40)
        #expect(outcome.judgements <= 14)
    }

    @Test func everythingIsKeptWhereNothingLessIsAccepted() throws {
        let outcome = try outcome(descending, allowed: -1)
        #expect(outcome.kept.count == 40)
    }

    @Test func aPartThatLeavesNoEmbeddingIsTheWorst() throws {
        let outcome = try outcome([("a", 5), ("b", .nan), ("c", 7)], allowed: 6)
        #expect(outcome.kept.map(\.unit) == ["b", "c"])
    }

    @Test func equalErrorsAreTakenInTheNetworksOrder() throws {
        let outcome = try outcome([("d", 1), ("a", 1), ("c", 1), ("b", 1)], allowed: 2.5)
        #expect(outcome.kept.map(\.unit) == ["d", "a"])
    }

    @Test func whatThereIsNoTimeToRankCountsAsTheLeastSensitive() throws {
        var asked = 0
        let outcome = try outcome([("a", 1), ("b", 9), ("c", 3), ("d", 50)], allowed: 60) { share in
            asked += 1
            return share == 0.5 && asked > 3
        }
        #expect(outcome.rankings == 3 && outcome.isCutShort)
        #expect(outcome.kept == [.init(unit: "b", error: 9)])
        // Where more is needed, those that were never ranked come in the network's order.
        let none = try self.outcome([("a", 1), ("b", 9), ("c", 3)], allowed: 2) { $0 == 0.5 }
        #expect(none.kept == [.init(unit: "a"), .init(unit: "b"), .init(unit: "c")] && none.rankings == 0)
    }

    @Test func pastTheLimitTheNextChoiceThatIsAcceptedIsTaken() throws {
        let outcome = try outcome(descending, allowed: 0.5) { $0 == 1 }
        let fewest = try self.outcome(descending, allowed: 0.5)
        #expect(outcome.isCutShort && !fewest.isCutShort)
        #expect(outcome.kept.count == 32 && fewest.kept.count < 32)
        #expect(outcome.judgements < fewest.judgements)
    }

    @Test func deepNetworksAreRankedInGroupsOfNeighbours() throws {
        let outcome = try outcome((0..<100).map { ("\($0)", $0 == 57 ? 9 : 0.001) }, allowed: 1, maximumGroups: 40)
        #expect(outcome.rankings <= 40)
        #expect(outcome.kept.map(\.unit).contains("57"))
        #expect(outcome.kept.count <= 3)
    }
}
