internal import Glibc

/// A folder of engines: each a plan and, beside it, its manifest.
///
/// Reading needs no lock: a plan is trusted only as far as its manifest describes it. Writing takes an `EngineLock`.
/// Symbolic links in the folder are never followed; the folder itself may be reached through one.
package struct EngineFolder: Sendable, Equatable {
    /// The folder's path.
    package let path: String
    /// Whose engines may be used; asked whenever a manifest is read, and again before a plan is.
    package let trust: EngineTrust

    /// Names a folder; it need not exist until something is written.
    package init(path: String, trust: EngineTrust) {
        self.path = path
        self.trust = trust
    }

    /// Whether there is something at the path, even if it can't be read.
    var exists: Bool { access(path, F_OK) == 0 || errno != ENOENT }
}

/// An engine in a folder: its manifest has been read, its plan hasn't.
package struct StoredEngine: Sendable, Equatable {
    /// The folder's path.
    package let folder: String
    /// The plan's file name.
    package let fileName: String
    /// The manifest.
    package let manifest: EngineManifest

    /// The plan's path, for messages; read the plan with `EngineFolder.load`.
    package var planPath: String { folder.hasSuffix("/") ? folder + fileName : "\(folder)/\(fileName)" }
}

/// An engine whose plan has been read and found to be what its manifest describes.
package struct LoadedEngine: Sendable {
    /// The engine.
    package let engine: StoredEngine
    /// The plan: these very bytes were verified.
    package let plan: PlanBytes
}
