import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite struct EngineFolderTests {
    let folder: TemporaryFolder
    let name: EngineName
    let key: EngineKey
    let plan = ExampleEngine.plan(count: 100_000)

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
        key = ExampleEngine.key(name)
    }

    @Test func whatIsPutIsFoundAndLoaded() throws {
        let stored = try folder.put(name, plan: plan)
        #expect(try folder.engines.find(key).engine == stored)
        let loaded = try folder.engines.load(stored)
        #expect(loaded.plan.withUnsafeBytes { Array($0) } == plan)
        #expect(loaded.plan.count == plan.count)
        #expect(try folder.engines.load(key).get().engine == stored)
        #expect(try folder.names() == [".\(name).lock", "\(name)", "\(name).json"])
    }

    @Test func aFolderThatIsNotThereHoldsNothing() throws {
        let nowhere = EngineFolder(path: folder.path("not/there"), trust: .anyone)
        #expect(try nowhere.find(key).miss?.description == "there is no arcface_r100-fp16-sm86.plan")
        #expect(try nowhere.list().isEmpty)
        #expect(try folder.names().isEmpty)
    }

    @Test func foldersAreCreatedForWriting() throws {
        let deep = EngineFolder(path: folder.path("a/b/c"), trust: .anyone)
        _ = try deep.lock(name)
        #expect(try folder.names() == ["a"])
    }

    @Test func aMissSaysWhyInWords() throws {
        try folder.put(name, plan: plan)
        var other = key
        other.gpu = 90
        other.largestBatch = 64
        #expect(
            try folder.engines.find(other).miss?.description
                == "arcface_r100-fp16-sm86.plan: for sm_86, this GPU is sm_90; batch ≤ 32, 64 wanted")
        var hopper = ExampleEngine.key(try EngineName(model: name.model, precision: .fp16, target: .tensorrt(sm: 90)))
        #expect(
            try folder.engines.find(hopper).miss?.description
                == "there is no arcface_r100-fp16-sm90.plan; arcface_r100-fp16-sm86.plan: for sm_86, this GPU is sm_90")
        hopper.name = try EngineName(model: "another", precision: .fp16, target: .tensorrt(sm: 90))
        #expect(try folder.engines.find(hopper).miss?.description == "there is no another-fp16-sm90.plan")
    }

    @Test func anEngineForAmpereAndLaterIsFoundUnderTheNameOfTheGPUThatBuiltIt() throws {
        let stored = try folder.put(name, plan: plan) { $0.builder.hardwareCompatibility = .amperePlus }
        let hopper = try EngineName(model: name.model, precision: .fp16, target: .tensorrt(sm: 90))
        #expect(try folder.engines.find(ExampleEngine.key(hopper)).engine == stored)
    }

    @Test func aNewEngineTakesTheNameAndLoadedOnesStayWhole() throws {
        let first = try folder.put(name, plan: plan)
        let loaded = try folder.engines.load(first)
        let other = ExampleEngine.plan(count: 50_000, seed: 2)
        let second = try folder.put(name, plan: other) { $0.batch.profiles[0].max = 64 }
        #expect(try folder.engines.find(key).engine == second)
        #expect(loaded.plan.withUnsafeBytes { Array($0) } == plan)
        // The first engine's description doesn't fit what lies there now.
        let error = #expect(throws: EngineStoreError.self) { try folder.engines.load(first) }
        #expect(error?.code == .fileAltered)
    }

    @Test func listingTellsUsableFromUnusable() throws {
        try folder.put(name, plan: plan)
        try folder.create("foreign.plan", [1, 2, 3])
        try folder.create("notes.txt", [1])
        let listings = try folder.engines.list()
        #expect(listings.map(\.fileName) == ["arcface_r100-fp16-sm86.plan", "foreign.plan"])
        #expect((try? listings[0].engine.get())?.manifest.plan.bytes == plan.count)
        #expect(throws: EngineStoreError.self) { try listings[1].engine.get() }
    }

    @Test func removingLeavesNothing() throws {
        try folder.put(name, plan: plan)
        #expect(try folder.engines.remove(name))
        #expect(try folder.names().isEmpty)
        #expect(try folder.engines.remove(name) == false)
        #expect(try folder.engines.find(key).engine == nil)
    }

    @Test func theManifestAloneCanBeReplaced() throws {
        var manifest = try folder.put(name, plan: plan).manifest
        manifest.model.license = "Apache-2.0"
        let lock = try folder.engines.lock(name)
        let stored = try folder.engines.replaceManifest(with: manifest, holding: lock)
        #expect(try folder.engines.find(key).engine == stored)
        #expect(stored.manifest.model.license == "Apache-2.0")
        manifest.plan.sha256 = Digest.of("another")
        #expect(throws: EngineStoreError.self) {
            try folder.engines.replaceManifest(with: manifest, holding: lock)
        }
        #expect(try folder.engines.find(key).engine == stored)
    }

    @Test func bytesThatAreNotTheManifestsAreNotStored() throws {
        let lock = try folder.engines.lock(name)
        var manifest = ExampleEngine.manifest(name, plan: plan)
        manifest.plan.sha256 = Digest.of("another")
        let other = try ExampleEngine.manifest(ExampleEngine.name(model: "another"), plan: plan)
        for (wrong, code) in [(manifest, EngineStoreError.Code.fileAltered), (other, .invalidName)] {
            let error = #expect(throws: EngineStoreError.self) {
                try plan.withUnsafeBytes { try folder.engines.put($0, manifest: wrong, holding: lock) }
            }
            #expect(error?.code == code)
        }
        #expect(try folder.names() == [".\(name).lock"])
    }

    @Test func aPathMayLeadThroughLinksToAnEngineOfAnyName() throws {
        let stored = try folder.put(name, plan: plan)
        let elsewhere = try TemporaryFolder()
        try elsewhere.create("mine.plan", plan)
        try elsewhere.create("mine.plan.json", try stored.manifest.json())
        #expect(symlink(elsewhere.path("mine.plan"), folder.path("current.plan")) == 0)
        let engine = try EngineFolder.engine(at: folder.path("current.plan"), trust: .anyone)
        #expect(engine.planPath == elsewhere.path("mine.plan"))
        #expect(try folder.engines.load(engine).plan.count == plan.count)
        let missing = #expect(throws: EngineStoreError.self) {
            try EngineFolder.engine(at: folder.path("no.plan"), trust: .anyone)
        }
        #expect(missing?.code == .planMissing)
        let wrong = #expect(throws: EngineStoreError.self) { try EngineFolder.engine(at: folder.path, trust: .anyone) }
        #expect(wrong?.code == .notRegularFile)
    }
}
