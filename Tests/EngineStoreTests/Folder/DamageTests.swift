import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

/// What lies in the folder is not to be trusted.
@Suite struct DamageTests {
    /// Three pieces of reading and a bit, made once.
    static let examplePlan = ExampleEngine.plan(count: 3 << 20 | 5)
    let folder: TemporaryFolder
    let name: EngineName
    let key: EngineKey
    let plan = DamageTests.examplePlan
    let stored: StoredEngine

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
        key = ExampleEngine.key(name)
        stored = try folder.put(name, plan: plan)
    }

    /// The reason why nothing of this folder may be used.
    func refusal() throws -> String {
        #expect(throws: EngineMiss.self) { try folder.engines.load(key).get() }
        let miss = try #require(try folder.engines.find(key).miss)
        return miss.description
    }

    @Test(arguments: [0, 1, 1 << 20, 2 << 20, 3 << 20, 3 << 20 | 4]) func anAlteredByteOfThePlan(offset: Int) throws {
        var altered = plan
        altered[offset] ^= 1
        try folder.overwrite(name.fileName, altered)
        let found = Digest.of(altered).short, expected = Digest.of(plan).short
        #expect(try refusal() == "\(name): file altered: digest \(found)…, its manifest says \(expected)…")
        let error = #expect(throws: EngineStoreError.self) { try folder.engines.load(stored) }
        #expect(error?.code == .fileAltered)
        #expect(throws: EngineStoreError.self) { try folder.engines.verify(stored) }
    }

    @Test(arguments: [0, 1, 4096, 3 << 20, 3 << 20 | 4]) func aPlanThatWasCutShort(count: Int) throws {
        try folder.overwrite(name.fileName, Array(plan.prefix(count)))
        #expect(try refusal() == "\(name): file altered: \(count) bytes, its manifest says \(plan.count)")
    }

    @Test func aPlanThatGrew() throws {
        try folder.overwrite(name.fileName, plan + [0])
        #expect(try refusal().contains("file altered"))
    }

    /// Whichever byte of the manifest changes: the engine is found with its own bytes or not at all.
    @Test func anAlteredByteOfTheManifest() throws {
        let manifest = try folder.bytes(name.manifestFileName)
        var refused = 0
        for offset in manifest.indices {
            var altered = manifest
            altered[offset] ^= 0x04
            try folder.overwrite(name.manifestFileName, altered)
            guard let engine = try folder.engines.find(key, inspection: .manifest).engine else {
                refused += 1
                continue
            }
            #expect(engine.manifest.plan == stored.manifest.plan || (try? folder.engines.load(engine)) == nil)
        }
        #expect(refused > manifest.count / 2)
    }

    @Test func aManifestThatWasCutShortOrIsMissing() throws {
        let manifest = try folder.bytes(name.manifestFileName)
        for count in [0, 1, manifest.count / 2, manifest.count - 3] {
            try folder.overwrite(name.manifestFileName, Array(manifest.prefix(count)))
            #expect(try refusal() == "\(name): the manifest can't be used: it isn't whole JSON")
        }
        try FileManager.default.removeItem(atPath: folder.path(name.manifestFileName))
        #expect(try refusal().contains("its manifest \(name).json is missing"))
    }

    @Test func aManifestThatIsTooLargeIsNotRead() throws {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: EngineManifest.largestFile)
        try folder.overwrite(name.manifestFileName, try folder.bytes(name.manifestFileName) + spaces)
        #expect(try refusal() == "\(name): the file has more than 1048576 bytes")
    }

    @Test func swappedManifests() throws {
        let other = try ExampleEngine.name(model: "another")
        try folder.put(other, plan: ExampleEngine.plan(count: plan.count, seed: 2))
        let first = try folder.bytes(name.manifestFileName), second = try folder.bytes(other.manifestFileName)
        try folder.overwrite(name.manifestFileName, second)
        try folder.overwrite(other.manifestFileName, first)
        #expect(try refusal() == "\(name): its manifest is that of \(other)")
        // Even a manifest that lies about its name can't describe another plan's bytes.
        var liar = try EngineManifest(json: second, location: "")
        liar.model.name = name.model
        try folder.overwrite(name.manifestFileName, try liar.json())
        #expect(try refusal().contains("file altered: digest"))
    }

    @Test func linksAreNeverFollowed() throws {
        let elsewhere = try TemporaryFolder()
        for fileName in [name.fileName, name.manifestFileName] {
            try FileManager.default.moveItem(atPath: folder.path(fileName), toPath: elsewhere.path(fileName))
            #expect(symlink(elsewhere.path(fileName), folder.path(fileName)) == 0)
            #expect(try refusal().contains("this is a symbolic link"))
            #expect(unlink(folder.path(fileName)) == 0)
            try FileManager.default.moveItem(atPath: elsewhere.path(fileName), toPath: folder.path(fileName))
        }
        #expect(try folder.engines.find(key).engine == stored)
    }

    @Test func writingReplacesALinkAndLeavesItsTargetAlone() throws {
        let elsewhere = try TemporaryFolder()
        try elsewhere.create("precious", [1, 2, 3])
        for fileName in [name.fileName, name.manifestFileName] {
            #expect(unlink(folder.path(fileName)) == 0)
            #expect(symlink(elsewhere.path("precious"), folder.path(fileName)) == 0)
        }
        try folder.put(name, plan: plan)
        #expect(try elsewhere.bytes("precious") == [1, 2, 3])
        #expect(try folder.engines.find(key).engine == stored)
    }

    @Test func aLinkInPlaceOfTheLockIsRefused() throws {
        #expect(unlink(folder.path(name.lockFileName)) == 0)
        #expect(symlink("/dev/null", folder.path(name.lockFileName)) == 0)
        let error = #expect(throws: EngineStoreError.self) { _ = try folder.engines.lock(name) }
        #expect(error?.code == .notRegularFile)
    }

    @Test func foldersAndPipesArePlansOfNobody() throws {
        #expect(unlink(folder.path(name.fileName)) == 0)
        #expect(mkfifo(folder.path(name.fileName), 0o600) == 0)
        #expect(try refusal().contains("isn't a regular file"))
        #expect(unlink(folder.path(name.fileName)) == 0)
        #expect(mkdir(folder.path(name.fileName), 0o700) == 0)
        #expect(try refusal().contains("isn't a regular file"))
    }

    @Test func theBytesThatWereVerifiedAreTheBytesThatAreUsed() throws {
        let loaded = try folder.engines.load(stored)
        try folder.overwrite(name.fileName, [UInt8](repeating: 0, count: plan.count))
        #expect(loaded.plan.withUnsafeBytes { Digest.of($0) } == Digest.of(plan))
    }

    @Test func aHugeHoleIsNotReadIntoMemory() throws {
        #expect(truncate(folder.path(name.fileName), 64 << 30) == 0)
        var manifest = stored.manifest
        manifest.plan.bytes = 64 << 30
        try folder.overwrite(name.manifestFileName, try manifest.json())
        #expect(try folder.engines.find(key, inspection: .manifest).miss?.description.contains("too many") == true)
    }
}
