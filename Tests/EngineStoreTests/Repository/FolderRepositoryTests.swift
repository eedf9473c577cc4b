import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite struct FolderRepositoryTests {
    private let source: TemporaryFolder
    private let target: TemporaryFolder
    private let name: EngineName
    private let plan = ExampleEngine.plan(count: 3_000_000)

    init() throws {
        source = try TemporaryFolder()
        target = try TemporaryFolder()
        name = try ExampleEngine.name()
    }

    @Test func anEngineIsPutFoundGotVerifiedAndDeleted() throws {
        let stored = try source.put(name, plan: plan)
        let repository = FolderRepository(target.engines)
        let (entry, isNew) = try repository.put(stored, replacing: false) { _ in }
        #expect(isNew)
        #expect(try repository.put(stored, replacing: false) { _ in }.isNew == false)
        #expect(try repository.find(ExampleEngine.key(name)).get() == entry)
        #expect(try repository.list().map(\.id) == [name.fileName])
        try repository.verify(entry) { _ in }
        let third = try TemporaryFolder()
        let lock = try third.engines.lock(name)
        var counts: [Int] = []
        let got = try repository.get(entry, into: PlanWriter(holding: lock)) { counts.append($0) }
        #expect(try third.engines.load(got).plan.withUnsafeBytes { Array($0) } == plan)
        #expect(counts == counts.sorted() && counts.last == plan.count)
        #expect(try repository.delete(entry))
        #expect(try !repository.delete(entry))
        #expect(
            try repository.find(ExampleEngine.key(name))
                == .failure(
                    EngineMiss(candidates: [.init(fileName: name.fileName, reason: .absent)])))
    }

    @Test func anAlteredPlanIsNotPassedOn() throws {
        let stored = try source.put(name, plan: plan)
        var bytes = plan
        bytes[2_000_000] ^= 1
        try source.overwrite(name.fileName, bytes)
        let error = #expect(throws: EngineStoreError.self) {
            try FolderRepository(target.engines).put(stored, replacing: false) { _ in }
        }
        #expect(error?.code == .fileAltered)
        #expect(try target.engines.list().isEmpty)
        #expect(try target.names().allSatisfy { !$0.hasSuffix(".tmp") })
    }
}
