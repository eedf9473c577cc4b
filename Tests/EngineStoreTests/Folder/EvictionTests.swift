import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite struct EvictionTests {
    private let folder: TemporaryFolder
    /// Oldest use first.
    private let names: [EngineName]
    private static let size = 10_000

    init() throws {
        folder = try TemporaryFolder()
        names = try ["a", "b", "c", "d"].map { try ExampleEngine.name(model: $0) }
        for (number, name) in names.enumerated() {
            try folder.put(name, plan: ExampleEngine.plan(count: Self.size))
            var times = [timespec(tv_sec: 1_000_000 + number, tv_nsec: 0), timespec(tv_sec: 1_000_000, tv_nsec: 0)]
            utimensat(AT_FDCWD, folder.path(name.fileName), &times, 0)
        }
    }

    private func left() throws -> [String] { try folder.engines.list().map(\.fileName) }

    /// Room for so many engines with their manifests.
    private func room(_ count: Int) throws -> Int {
        try count * (Self.size + folder.bytes(names[0].manifestFileName).count)
    }

    @Test func theLeastRecentlyUsedGoFirst() throws {
        let room = try room(2)
        let eviction = try folder.engines.evict(downTo: room)
        #expect(eviction.removed.map(\.fileName) == [names[0].fileName, names[1].fileName])
        #expect(try left() == [names[2].fileName, names[3].fileName])
        #expect(eviction.bytes == room)
    }

    @Test func useMakesAnEngineYoung() throws {
        _ = try folder.engines.load(ExampleEngine.key(names[0])).get()
        _ = try folder.engines.evict(downTo: room(2))
        #expect(try left() == [names[0].fileName, names[3].fileName])
    }

    @Test func aPinnedEngineStays() throws {
        try folder.engines.pin(EngineFileName(names[0]))
        let eviction = try folder.engines.evict(downTo: room(1))
        #expect(eviction.spared.map(\.fileName) == [names[0].fileName])
        #expect(try left() == [names[0].fileName])
        try folder.engines.pin(EngineFileName(names[0]), false)
        _ = try folder.engines.evict(downTo: 0)
        #expect(try left().isEmpty)
    }

    @Test func anEngineThatIsBeingWrittenStays() throws {
        let lock = try folder.engines.lock(names[0])
        let eviction = try folder.engines.evict(downTo: 0)
        #expect(eviction.spared.map(\.fileName) == [names[0].fileName])
        #expect(try left() == [lock.name.fileName])
    }

    @Test func theOneToKeepStays() throws {
        _ = try folder.engines.evict(downTo: 0, keeping: names[1].fileName)
        #expect(try left() == [names[1].fileName])
    }

    @Test func aRehearsalDeletesNothing() throws {
        #expect(try folder.engines.evict(downTo: 0, isRehearsal: true).removed.count == 4)
        #expect(try left().count == 4)
    }

    @Test func nothingGoesWhileThereIsRoom() throws {
        #expect(try folder.engines.evict(downTo: room(4)).removed.isEmpty)
        #expect(try EngineFolder(path: folder.path("none"), trust: .anyone).evict(downTo: 0).removed.isEmpty)
    }

    @Test func whatIsNoEngineIsNotTouched() throws {
        try folder.create("notes.txt", [1])
        try folder.create("odd.plan", [1])
        _ = try folder.engines.evict(downTo: 0)
        #expect(try folder.names() == ["notes.txt", "odd.plan"])
    }
}
