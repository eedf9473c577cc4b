import EngineStore
import Signatures

extension EngineTrust {
    /// Whose engines a configuration trusts.
    ///
    /// - Throws: `ArcFaceError` with code `.configuration` if a public key isn't one, or if signatures are required and none
    ///   would count.
    init(_ storage: StorageConfiguration) throws(ArcFaceError) {
        var keys: [VerificationKey] = []
        for text in storage.publicKeys {
            guard let key = VerificationKey(text: text) else {
                throw ArcFaceError(
                    .configuration, "this is no public key", at: "storage.public_keys",
                    mend: "copy the line that `engines keygen` prints")
            }
            keys.append(key)
        }
        guard !storage.requireSignature || !keys.isEmpty else {
            throw ArcFaceError(
                .configuration, "no signature counts while storage.public_keys is empty",
                at: "storage.require_signature", mend: "list the keys that `engines keygen` printed")
        }
        self.init(requiresSignature: storage.requireSignature, keys: keys)
    }
}

extension ArcFaceConfiguration {
    /// The folder of engines, with whom it trusts.
    ///
    /// - Throws: as `EngineTrust.init`.
    var engineFolder: EngineFolder {
        get throws(ArcFaceError) {
            EngineFolder(path: tensorRT.engineLocalDirectory, trust: try EngineTrust(storage))
        }
    }

    /// Clears out the folder of engines if `storage.max_size_mb` sets a limit.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - engine: stays in any case.
    ///   - report: told of each engine that was deleted.
    /// - Throws: `ArcFaceError` if the folder can't be read or written.
    func clearOut(
        _ folder: EngineFolder, keeping engine: StoredEngine, report: (String) -> Void
    ) throws(ArcFaceError) {
        guard let limit = storage.maxSizeMB else { return }
        do throws(EngineStoreError) {
            let eviction = try folder.evict(downTo: limit << 20, keeping: engine.fileName)
            for item in eviction.removed {
                report("storage.max_size_mb: deleted \(item.fileName), the least recently used engine")
            }
        } catch {
            throw ArcFaceError(error)
        }
    }
}
