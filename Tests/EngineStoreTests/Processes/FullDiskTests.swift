import Digests
import EngineStore
import Foundation
import Testing
import engine_store_probe

@Suite(.enabled(if: Probe.exists, "engine-store-probe isn't beside the tests"))
struct FullDiskTests {
    let folder: TemporaryFolder
    let name: EngineName

    init() throws {
        folder = try TemporaryFolder()
        name = try ExampleEngine.name()
    }

    /// The limit hits the plan, its manifest, or the lock file; the process lives and says so.
    @Test(arguments: [0, 100, 4096, 65_535]) func aFileSizeLimitIsAnErrorAndNotADeath(limit: Int) throws {
        let outcome = try Probe(["build", folder.path, name.model, "bytes=65536", "file-limit=\(limit)"]).wait()
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("File too large"))
        #expect(outcome.errors.contains("free some space"))
        // Nothing is left but the lock file.
        #expect(try folder.names() == [name.lockFileName])
        #expect(try Probe(["build", folder.path, name.model]).wait().lastLine.hasPrefix("built"))
    }

    @Test func aFolderThatMayOnlyBeReadServesItsEngines() throws {
        try folder.put(name, plan: ExampleEngine.plan(count: 1 << 16))
        #expect(chmod(folder.path, 0o555) == 0)
        // Root may write everywhere, so the probe becomes nobody.
        let user = geteuid() == 0 ? ["user=65534"] : []
        let found = try Probe(["build", folder.path, name.model] + user).wait()
        #expect(found.lastLine.hasPrefix("found"), "\(found)")

        let other = try Probe(["build", folder.path, "another"] + user).wait()
        #expect(other.status == 1)
        #expect(other.errors.contains("Permission denied"), "\(other)")
        #expect(other.errors.contains(folder.path))
        #expect(other.errors.contains("check the folder's permissions"))
    }
}
