import EngineStore
import Foundation
import Synchronization
import Testing
import engine_store_probe

@Suite struct EngineLockTests {
    let folder: TemporaryFolder
    let name: EngineName

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
    }

    @Test func oneOwnerAtATimeAndTheFileSaysWho() throws {
        let lock = try folder.engines.lock(name)
        let reports = Mutex<[LockHolder?]>([])
        let waiting = LockWaiting(
            limit: .milliseconds(30), report: { holder in reports.withLock { $0.append(holder) } })
        let error = #expect(throws: EngineStoreError.self) { _ = try folder.engines.lock(name, waiting: waiting) }
        #expect(error?.code == .lockTimedOut)
        let holder = try #require(reports.withLock { $0 }.first ?? nil)
        #expect(holder.pid == getpid())
        #expect(abs(holder.since.seconds - UTCTime.now.seconds) < 60)
        #expect(error?.description.contains("still being built by process \(getpid()) on \(holder.host) since") == true)
        #expect(reports.withLock { $0.count } == 1)
        _ = lock.name
    }

    @Test func anotherEngineHasAnotherLock() throws {
        let lock = try folder.engines.lock(name)
        let other = try folder.engines.lock(ExampleEngine.name(model: "another"), waiting: LockWaiting(limit: .zero))
        #expect(lock.name != other.name)
    }

    @Test func theLockGoesWithItsOwner() throws {
        do { _ = try folder.engines.lock(name) }
        _ = try folder.engines.lock(name, waiting: LockWaiting(limit: .zero))
    }

    @Test(arguments: [
        "", "{\"pid\":1,", "{\"host\":\"old\",\"pid\":999999,\"since\":\"2020-01-01T00:00:00Z\"}\n", "\u{0}\u{1}",
    ])
    func whatAnOldLockFileSaysIsHarmless(text: String) throws {
        try folder.create(name.lockFileName, Array(text.utf8))
        let lock = try folder.engines.lock(name, waiting: LockWaiting(limit: .zero))
        let now = String(decoding: try folder.bytes(name.lockFileName), as: UTF8.self)
        #expect(now.contains("\"pid\":\(getpid())"))
        _ = lock.name
    }

    @Test func waitingCanBeGivenUp() throws {
        let lock = try folder.engines.lock(name)
        let asked = Atomic(0)
        let waiting = LockWaiting(shouldStop: { asked.add(1, ordering: .relaxed).newValue > 3 })
        let error = #expect(throws: EngineStoreError.self) { _ = try folder.engines.lock(name, waiting: waiting) }
        #expect(error?.code == .cancelled)
        _ = lock.name
    }

    @Test(.enabled(if: Probe.exists, "engine-store-probe isn't beside the tests"))
    func aKilledOwnerLetsGo() throws {
        let probe = try Probe(["hold", folder.path, name.model])
        #expect(probe.firstLine() == "held \(name)")
        let held = #expect(throws: EngineStoreError.self) {
            _ = try folder.engines.lock(name, waiting: LockWaiting(limit: .zero))
        }
        #expect(held?.description.contains("process \(probe.pid) on") == true)
        probe.kill()
        #expect(probe.wait().status == -SIGKILL)
        _ = try folder.engines.lock(name, waiting: LockWaiting(limit: .seconds(5)))
    }

    /// Somebody deletes the file between this process's opening and locking it.
    @Test(.enabled(if: Probe.canPreload, "there is no C++ compiler for the failing-files double"))
    func aLockOnAFileThatIsGoneIsNoLock() throws {
        let probe = try Probe(
            ["hold", folder.path, name.model],
            environment: [
                "LD_PRELOAD": try DoubleLibrary.path("failing-files", "failing_files.cpp"),
                "FAILING_FILES_NAME": "flock",
                "FAILING_FILES_CALL": "1", "FAILING_FILES_ACTION": folder.path(name.lockFileName),
            ])
        #expect(probe.firstLine() == "held \(name)")
        let error = #expect(throws: EngineStoreError.self) {
            _ = try folder.engines.lock(name, waiting: LockWaiting(limit: .zero))
        }
        #expect(error?.code == .lockTimedOut)
        #expect(probe.wait().status == 0)
    }

    @Test(.enabled(if: Probe.exists, "engine-store-probe isn't beside the tests"))
    func whoeverWaitsWhileTheEngineIsRemovedLocksTheNewFile() throws {
        try folder.put(name, plan: [1, 2, 3])
        let first = try Probe(["hold", folder.path, name.model])
        _ = first.firstLine()
        let folder = folder, name = name
        let removal = Thread { _ = try? folder.engines.remove(name) }
        removal.start()
        usleep(50_000)
        _ = first.wait()
        while try folder.engines.find(ExampleEngine.key(name)).engine != nil { usleep(1000) }
        let lock = try folder.engines.lock(name, waiting: LockWaiting(limit: .seconds(5)))
        #expect(try folder.names() == [name.lockFileName])
        _ = lock.name
    }
}
