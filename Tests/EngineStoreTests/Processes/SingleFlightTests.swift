import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite(.enabled(if: Probe.exists, "engine-store-probe isn't beside the tests"), .serialized)
struct SingleFlightTests {
    let folder: TemporaryFolder
    let name: EngineName

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
    }

    func builds() throws -> Int {
        String(decoding: try folder.bytes("log"), as: UTF8.self).split(separator: "\n").count
    }

    @Test(arguments: [2, 8]) func processesThatWantTheSameEngineBuildItOnce(count: Int) throws {
        let arguments = ["build", folder.path, name.model, "log=\(folder.path("log"))", "pause-us=20000"]
        let outcomes = try (0..<count).map { _ in try Probe(arguments) }.map { $0.wait() }
        for outcome in outcomes { #expect(outcome.status == 0, "\(outcome.errors)") }
        let digest = Digest.of(ExampleEngine.plan(count: 1 << 16))
        #expect(outcomes.filter { $0.lastLine == "built \(digest)" }.count == 1)
        #expect(outcomes.filter { $0.lastLine == "found \(digest)" }.count == count - 1)
        #expect(try builds() == 1)
        // Who had to wait was told for whom.
        let waits = outcomes.flatMap { $0.output.split(separator: "\n") }.filter { $0.hasPrefix("waiting for") }
        for wait in waits where wait != "waiting for somebody" {
            #expect(wait.wholeMatch(of: /waiting for process \d+ on .+ since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        }
    }

    /// Eight processes over and over: the waiting ones take over from a builder that is killed.
    @Test func theNextOneTakesOverFromAKilledBuilder() throws {
        let arguments = ["build", folder.path, name.model, "log=\(folder.path("log"))", "pause-us=20000"]
        let first = try Probe(arguments)
        #expect(first.firstLine().hasPrefix("building because there is no"))
        let second = try Probe(arguments)
        #expect(second.firstLine().hasPrefix("waiting for process \(first.pid)"))
        first.kill()
        let outcome = second.wait()
        #expect(outcome.lastLine.hasPrefix("built"), "\(outcome)")
        #expect(first.wait().status == -SIGKILL)
        #expect(try builds() == 2)
    }

    /// In one process the lock works between threads as well.
    @Test func threadsBuildOnceToo() async throws {
        let path = folder.path, name = name
        let built = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let plan = ExampleEngine.plan(count: 1000)
                    return try EngineFolder(path: path, trust: .anyone).findOrBuild(ExampleEngine.key(name)) {
                        lock, _ in
                        try plan.withUnsafeBytes {
                            try EngineFolder(path: path, trust: .anyone).put(
                                $0, manifest: ExampleEngine.manifest(name, plan: plan), holding: lock)
                        }
                    }.isNew
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(built == 1)
    }
}
