import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

/// Whenever a builder dies, whatever it leaves is refused or whole, and the next builder succeeds.
@Suite(.enabled(if: Probe.exists, "engine-store-probe isn't beside the tests"), .serialized)
struct KilledBuilderTests {
    let folder: TemporaryFolder
    let name: EngineName
    let old = Digest.of(ExampleEngine.plan(count: 40_000, seed: 1))
    let new = Digest.of(ExampleEngine.plan(count: 40_000, seed: 2))

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
    }

    func build(seed: Int, _ more: [String] = [], environment: [String: String] = [:]) throws -> Probe {
        try Probe(
            ["build", folder.path, name.model, "bytes=40000", "seed=\(seed)"] + more, environment: environment)
    }

    /// No reader may see anything but one of the two engines, whole, or none.
    func expectNothingTorn() throws {
        if case .success(let loaded) = try folder.engines.load(ExampleEngine.key(name)) {
            let digest = loaded.plan.withUnsafeBytes { Digest.of($0) }
            #expect(digest == loaded.engine.manifest.plan.sha256)
            #expect([old, new].contains(digest))
        }
        // A plan without a manifest may lie there, but never one beside another plan's manifest.
        for listing in try folder.engines.list() {
            switch listing.engine {
            case .success(let engine): #expect(throws: Never.self) { try folder.engines.verify(engine) }
            case .failure(let error): #expect(error.code == .manifestMissing, "\(error)")
            }
        }
    }

    func expectNextBuilderSucceeds() throws {
        let outcome = try build(seed: 2).wait()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(["built", "found"].contains { outcome.lastLine.hasPrefix($0) })
        let loaded = try folder.engines.load(ExampleEngine.key(name)).get()
        #expect([old, new].contains(loaded.plan.withUnsafeBytes { Digest.of($0) }))
        #expect(try folder.names().filter { $0.hasSuffix(".tmp") }.isEmpty || outcome.lastLine.hasPrefix("found"))
    }

    @Test func killedAtFiftyRandomMoments() throws {
        var moments = SystemRandomNumberGenerator()
        var killed = 0
        for _ in 0..<50 {
            let probe = try build(seed: 2, ["pause-us=1000"])
            usleep(UInt32.random(in: 0...40_000, using: &moments))
            probe.kill()
            if probe.wait().status == -SIGKILL { killed += 1 }
            try expectNothingTorn()
            try expectNextBuilderSucceeds()
            try folder.engines.remove(name)
        }
        #expect(killed > 0)
    }

    /// Runs the probe with its n-th changing call failing or killing it. Nil if it made fewer calls than that.
    func run(call: Int, action: String) throws -> Probe.Outcome? {
        let count = folder.path + ".count"
        defer { unlink(count) }
        let outcome = try build(
            seed: 2,
            environment: [
                "LD_PRELOAD": try DoubleLibrary.path("failing-files", "failing_files.cpp"),
                "FAILING_FILES_CALL": "\(call)", "FAILING_FILES_ACTION": action, "FAILING_FILES_COUNT": count,
            ]
        ).wait()
        let made = (try? String(contentsOfFile: count, encoding: .utf8)).flatMap { Int($0.dropLast()) }
        return made.map { $0 < call } == true ? nil : outcome
    }

    /// An engine that won't do lies there, so that each run replaces one.
    func putOldEngine() throws {
        try folder.put(name, plan: ExampleEngine.plan(count: 40_000, seed: 1)) { $0.model.onnx = Digest.of("another") }
    }

    @Test(
        .enabled(if: Probe.canPreload, "there is no C++ compiler for the failing-files double"),
        arguments: ["kill", "kill-after"])
    func killedAtEveryCallThatChangesFiles(action: String) throws {
        var call = 1
        while true {
            try putOldEngine()
            guard let outcome = try run(call: call, action: action) else { break }
            #expect(outcome.status == -SIGKILL, "call \(call): \(outcome)")
            try expectNothingTorn()
            try expectNextBuilderSucceeds()
            try folder.engines.remove(name)
            call += 1
        }
        #expect(call > 15, "only \(call - 1) calls were counted")
    }

    @Test(
        .enabled(if: Probe.canPreload, "there is no C++ compiler for the failing-files double"),
        arguments: [ENOSPC, EROFS])
    func everyCallThatFailsIsANamedError(number: Int32) throws {
        var call = 1, failures = 0
        while true {
            try putOldEngine()
            guard let outcome = try run(call: call, action: "\(number)") else { break }
            // A folder that is there already need not be created: those calls may fail.
            if outcome.status != 0 {
                failures += 1
                #expect(outcome.status == 1, "call \(call): \(outcome)")
                #expect(outcome.errors.contains(String(cString: strerror(number))), "call \(call): \(outcome.errors)")
                #expect(outcome.errors.contains(folder.path), "call \(call): \(outcome.errors)")
            }
            try expectNothingTorn()
            try expectNextBuilderSucceeds()
            try folder.engines.remove(name)
            call += 1
        }
        #expect(failures > 12, "only \(failures) failures")
    }
}
