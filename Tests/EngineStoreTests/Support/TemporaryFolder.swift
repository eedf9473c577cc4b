import EngineStore
import Foundation
import engine_store_probe

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/engine-store-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        guard let resolved = realpath(template, nil) else { throw CocoaError(.fileNoSuchFile) }
        defer { free(resolved) }
        path = String(cString: resolved)
    }

    deinit {
        chmod(path, 0o755)
        try? FileManager.default.removeItem(atPath: path)
    }

    var engines: EngineFolder { EngineFolder(path: path, trust: .anyone) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    /// Writes in place: the file keeps its inode.
    func overwrite(_ name: String, _ bytes: [UInt8]) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    func create(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    /// The names in the folder, hidden ones too, sorted.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// Stores an example engine.
    @discardableResult
    func put(
        _ name: EngineName, plan: [UInt8], change: (inout EngineManifest) -> Void = { _ in }
    ) throws -> StoredEngine {
        var manifest = ExampleEngine.manifest(name, plan: plan)
        change(&manifest)
        let lock = try engines.lock(name)
        return try plan.withUnsafeBytes { try engines.put($0, manifest: manifest, holding: lock) }
    }
}

extension EngineLookup {
    /// The hit, if it is one.
    var engine: StoredEngine? { if case .hit(let engine) = self { engine } else { nil } }

    /// Why it is a miss, if it is one.
    var miss: EngineMiss? { if case .miss(let miss) = self { miss } else { nil } }
}
