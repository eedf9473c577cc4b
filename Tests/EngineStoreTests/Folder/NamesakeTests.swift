import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

/// Engines that share a friendly name.
@Suite struct NamesakeTests {
    private let folder: TemporaryFolder
    private let name: EngineName
    private let old = ExampleEngine.plan(count: 1000, seed: 1)
    private let new = ExampleEngine.plan(count: 2000, seed: 2)

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
        try folder.put(name, plan: old)
    }

    @discardableResult
    private func putNewer() throws -> StoredEngine {
        try folder.put(name, plan: new) { $0.runtime.version = EngineVersion(major: 10, minor: 9, patch: 0) }
    }

    @Test func bothAreFoundByWhatTheyAre() throws {
        try putNewer()
        var key = ExampleEngine.key(name)
        #expect(try folder.engines.load(key).get().plan.withUnsafeBytes { Array($0) } == old)
        key.version = EngineVersion(major: 10, minor: 9, patch: 0)
        #expect(try folder.engines.load(key).get().plan.withUnsafeBytes { Array($0) } == new)
    }

    @Test func theNewerOneHasTheName() throws {
        let stored = try putNewer()
        #expect(stored.fileName == name.fileName)
        let identity = try ExampleEngine.manifest(name, plan: old).identity()
        let aside = EngineFileName(name, identity: identity).description
        #expect(aside == "arcface_r100-fp16-sm86.\(identity.short).plan")
        #expect(try folder.engines.list().map(\.fileName) == [aside, name.fileName].sorted())
        #expect(try EngineFileName(aside).description == aside)
    }

    @Test func anEngineOfTheSameIdentityIsReplaced() throws {
        try folder.put(name, plan: new)
        #expect(try folder.engines.list().count == 1)
        #expect(try folder.bytes(name.fileName) == new)
    }

    @Test func thePinGoesWithTheEngine() throws {
        try folder.engines.pin(EngineFileName(name))
        try putNewer()
        let identity = try ExampleEngine.manifest(name, plan: old).identity()
        #expect(try folder.engines.isPinned(EngineFileName(name, identity: identity)))
        #expect(try !folder.engines.isPinned(EngineFileName(name)))
    }

    @Test func aTagThatIsNotTheIdentityIsRefused() throws {
        try putNewer()
        let identity = try ExampleEngine.manifest(name, plan: old).identity()
        let aside = EngineFileName(name, identity: identity)
        let other = EngineFileName(name, identity: Digest.of("other"))
        for (from, to) in [(aside.description, other.description), (aside.manifest, other.manifest)] {
            try FileManager.default.moveItem(atPath: folder.path(from), toPath: folder.path(to))
        }
        let miss = try folder.engines.find(ExampleEngine.key(name)).miss
        #expect(miss?.description.contains("its manifest is that of") == true)
    }

    @Test func identityIsWhatTheEngineIsAndNotHowItCameOut() throws {
        var manifest = ExampleEngine.manifest(name, plan: old)
        let identity = try manifest.identity()
        manifest.plan = PlanFacts(sha256: Digest.of("other"), bytes: 5)
        manifest.created = .now
        manifest.builtOn.driver = "another"
        manifest.model.license = "MIT"
        #expect(try manifest.identity() == identity)
        let changes: [(inout EngineManifest) -> Void] = [
            { $0.model.onnx = Digest.of("x") }, { $0.model.prepared = Digest.of("x") }, { $0.precision = .int8 },
            { $0.batch.streams = 2 }, { $0.batch.profiles[0].max = 64 }, { $0.runtime.name = .tensorrtRTX },
            { $0.runtime.version = EngineVersion(major: 11, minor: 0, patch: 0) }, { $0.builtOn.sm = 90 },
            { $0.preprocessing.scale = 128 }, { $0.calibration = Digest.of("x") }, { $0.builder.workspaceMB = 1 },
        ]
        for change in changes {
            var other = manifest
            change(&other)
            #expect(try other.identity() != identity)
        }
    }
}
