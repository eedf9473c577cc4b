import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite struct RejectedEngineTests {
    let plan = ExampleEngine.plan(count: 50_000)

    private func reject(_ plan: [UInt8], _ name: EngineName, in folder: TemporaryFolder) throws -> String {
        let lock = try folder.engines.lock(name)
        let writer = try PlanWriter(holding: lock)
        try plan.withUnsafeBytes { try writer.append($0) }
        return try writer.reject(ExampleEngine.manifest(name, plan: plan), reason: "it sees nobody")
    }

    @Test func aRejectedEngineIsKeptWithItsReasonAndIsNoEngine() throws {
        let folder = try TemporaryFolder()
        let name = try ExampleEngine.name()
        let path = try reject(plan, name, in: folder)
        #expect(path == folder.path("\(name).rejected"))
        #expect(try folder.bytes("\(name).rejected") == plan)
        #expect(try String(decoding: folder.bytes("\(name).rejected.txt"), as: UTF8.self) == "it sees nobody\n")
        #expect(
            try EngineManifest(json: folder.bytes("\(name).rejected.json"), location: "there").plan.bytes == plan.count)
        #expect(
            try folder.names() == [
                ".\(name).lock", "\(name).rejected", "\(name).rejected.json", "\(name).rejected.txt",
            ])
        #expect(try folder.engines.list().isEmpty)
        #expect(try folder.engines.find(ExampleEngine.key(name)).engine == nil)
    }

    @Test func anEngineOfTheNameStaysAndALaterRejectionReplacesAnEarlierOne() throws {
        let folder = try TemporaryFolder()
        let name = try ExampleEngine.name()
        let stored = try folder.put(name, plan: plan)
        _ = try reject(ExampleEngine.plan(count: 10_000), name, in: folder)
        let other = ExampleEngine.plan(count: 20_000)
        _ = try reject(other, name, in: folder)
        #expect(try folder.bytes("\(name).rejected") == other)
        #expect(try folder.engines.find(ExampleEngine.key(name)).engine == stored)
        #expect(try folder.engines.load(stored).plan.count == plan.count)
    }

    @Test func anEngineCanBeRunBeforeItHasItsName() throws {
        let folder = try TemporaryFolder()
        let manifest = ExampleEngine.manifest(try ExampleEngine.name(), plan: plan)
        let loaded = try plan.withUnsafeBytes { try LoadedEngine($0, manifest: manifest, for: folder.engines) }
        #expect(loaded.plan.count == plan.count && loaded.plan.withUnsafeBytes { Array($0) } == plan)
        #expect(try folder.names().isEmpty)
        var altered = plan
        altered[7] ^= 1
        let error = #expect(throws: EngineStoreError.self) {
            try altered.withUnsafeBytes { _ = try LoadedEngine($0, manifest: manifest, for: folder.engines) }
        }
        #expect(error?.code == .fileAltered)
    }
}
