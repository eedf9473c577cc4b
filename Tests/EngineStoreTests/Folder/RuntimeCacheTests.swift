import Digests
import Foundation
import Testing
import engine_store_probe

@testable import EngineStore

/// Compiled kernels beside an engine.
@Suite struct RuntimeCacheTests {
    private let folder: TemporaryFolder
    private let engine: StoredEngine
    private let name: EngineFileName
    private let kernels = ExampleEngine.plan(count: 5000, seed: 7)

    init() throws {
        folder = try TemporaryFolder()
        engine = try folder.put(try ExampleEngine.name(), plan: ExampleEngine.plan(count: 1000))
        name = try EngineFileName(engine.fileName)
    }

    private func key(
        plan: String = "plan", library: String = "tensorrt-rtx 1.7.1", gpu: String = "Fake GPU, sm90",
        driver: String = "580.1"
    ) -> RuntimeCacheKey {
        RuntimeCacheKey(plan: Digest.of(plan), library: library, gpu: gpu, driver: driver)
    }

    private func found(_ key: RuntimeCacheKey) throws -> KeptKernels {
        try EngineFolder.runtimeCache(of: engine, for: key)
    }

    private func keep(_ bytes: [UInt8]? = nil) throws -> Bool {
        try EngineFolder.keepRuntimeCache(bytes ?? kernels, of: engine, for: key())
    }

    @Test func whatIsKeptIsFound() throws {
        #expect(try found(key()) == .none)
        #expect(try keep())
        #expect(try found(key()) == .found(kernels))
        #expect(try keep([1, 2, 10, 10, 3]))
        #expect(try found(key()) == .found([1, 2, 10, 10, 3]))
        #expect(try folder.names().contains("\(engine.fileName).runtime-cache"))
        #expect(try !folder.names().contains { $0.hasSuffix(".tmp") })
        #expect(try folder.engines.list().map(\.fileName) == [engine.fileName])
    }

    @Test func kernelsForAnotherUseAreNotTaken() throws {
        #expect(try keep())
        let others = [
            key(plan: "other"), key(library: "tensorrt-rtx 1.7.2"), key(gpu: "Fake GPU, sm89"),
            key(gpu: "Other GPU, sm90"), key(driver: "581.0"), key(driver: "580.1\nkernels: 5"),
        ]
        for other in others {
            guard case .unusable(let why) = try found(other) else {
                Issue.record("taken for \(other)")
                continue
            }
            #expect(why.contains("made for another use") && !why.contains("\n"))
        }
    }

    @Test func aDamagedFileIsNotTakenWhereverTheDamageIs() throws {
        #expect(try keep())
        let path = name.runtimeCache
        let whole = try folder.bytes(path)
        for place in stride(from: 0, to: whole.count, by: 97) {
            var bytes = whole
            bytes[place] ^= 1
            try folder.overwrite(path, bytes)
            guard case .unusable = try found(key()) else {
                Issue.record("byte \(place) was altered and nobody noticed")
                continue
            }
        }
        for count in [0, 1, 40, 300, whole.count - 1] {
            try folder.overwrite(path, Array(whole.prefix(count)))
            guard case .unusable = try found(key()) else {
                Issue.record("\(count) bytes were taken")
                continue
            }
        }
        try folder.overwrite(path, whole + [0])
        #expect(try found(key()) == .unusable("it is damaged"))
        try folder.overwrite(path, whole)
        #expect(try found(key()) == .found(kernels))
    }

    @Test(arguments: [mode_t(0o664), 0o646, 0o666])
    func aFileThatOthersCanHaveWrittenIsNotTaken(_ mode: mode_t) throws {
        #expect(try keep())
        chmod(folder.path(name.runtimeCache), mode)
        guard case .unusable(let why) = try found(key()) else {
            Issue.record("kernels of strangers would be run")
            return
        }
        #expect(why.contains("others"))
        #expect(try keep(), "it may be replaced")
        #expect(try found(key()) == .found(kernels))
    }

    @Test func aLinkIsNotFollowed() throws {
        #expect(try keep())
        let elsewhere = folder.path("elsewhere")
        try FileManager.default.moveItem(atPath: folder.path(name.runtimeCache), toPath: elsewhere)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(name.runtimeCache), withDestinationPath: elsewhere)
        #expect(throws: EngineStoreError.self) { try found(key()) }
        #expect(try keep())
        #expect(try found(key()) == .found(kernels))
    }

    @Test func nothingIsKeptForAnEngineThatIsBeingWrittenOrIsNotThere() throws {
        do {
            let lock = try folder.engines.lock(name.name)
            #expect(try !keep())
            #expect(lock.name == name.name)
        }
        let other = StoredEngine(
            folder: folder.path, fileName: try ExampleEngine.name(model: "other").fileName, manifest: engine.manifest)
        #expect(try !EngineFolder.keepRuntimeCache(kernels, of: other, for: key()))
        let odd = StoredEngine(folder: folder.path, fileName: "notes.txt", manifest: engine.manifest)
        try folder.create("notes.txt", [1])
        #expect(try !EngineFolder.keepRuntimeCache(kernels, of: odd, for: key()))
        #expect(try EngineFolder.runtimeCache(of: odd, for: key()) == .none)
        #expect(try !folder.names().contains { $0.contains("runtime-cache") })
    }

    @Test func whatAKilledWriterLeftIsClearedAway() throws {
        try folder.create(".\(name.runtimeCache).tmp", [1, 2, 3])
        #expect(try keep())
        #expect(try found(key()) == .found(kernels))
        #expect(try !folder.names().contains { $0.hasSuffix(".tmp") })
    }

    @Test func itCountsAndGoesWithItsEngine() throws {
        #expect(try keep())
        let all = [engine.fileName, name.manifest, name.runtimeCache]
        let bytes = try all.map { try folder.bytes($0).count }.reduce(0, +)
        #expect(try folder.engines.evict(downTo: bytes).removed.isEmpty)
        let eviction = try folder.engines.evict(downTo: bytes - 1)
        #expect(eviction.removed == [.init(fileName: engine.fileName, bytes: bytes)])
        #expect(try folder.names() == [])
    }

    @Test func aNewPlanHasNoKernelsYetAndANamesakeKeepsItsOwn() throws {
        #expect(try keep())
        try folder.put(name.name, plan: ExampleEngine.plan(count: 1100))
        #expect(try !folder.names().contains(name.runtimeCache))

        #expect(try keep())
        let identity = try engine.manifest.identity()
        try folder.put(name.name, plan: ExampleEngine.plan(count: 1200)) {
            $0.runtime.version = EngineVersion(major: 10, minor: 9, patch: 0)
        }
        let aside = EngineFileName(name.name, identity: identity)
        #expect(try folder.names().contains(aside.runtimeCache))
        #expect(try !folder.names().contains(name.runtimeCache))
    }
}
