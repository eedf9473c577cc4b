import EngineStore
import Signatures

extension EngineShelf {
    /// Keeps engines from being cleared away, or no longer.
    ///
    /// - Returns: what became of each.
    /// - Throws: `ArcFaceError` if a name means nothing, or the folder can't be read.
    package func pin(_ names: [String], _ pinned: Bool) throws(ArcFaceError) -> [ShelfOutcome] {
        let items = try chosen(names, of: list(.folder), in: folder.path)
        return items.map { item in
            do throws(EngineStoreError) {
                let changed = try folder.pin(EngineFileName(item.id), pinned)
                let state = pinned ? "pinned" : "not pinned"
                return ShelfOutcome(item.id, changed ? state : "was \(state) already")
            } catch {
                return ShelfOutcome(item.id, ArcFaceError(error))
            }
        }
    }

    /// Deletes the engines of the folder that weren't used for the longest time.
    ///
    /// - Parameters:
    ///   - limit: MiB that may stay; nil takes `storage.max_size_mb`.
    ///   - isRehearsal: whether to tell only what would be deleted.
    /// - Returns: what became of each that is beyond the limit, and the bytes that stay.
    /// - Throws: `ArcFaceError` if there is no limit, or the folder can't be read or written.
    package func prune(
        limit: Int?, isRehearsal: Bool
    ) throws(ArcFaceError) -> (outcomes: [ShelfOutcome], bytes: Int) {
        guard let limit = limit ?? configuration.storage.maxSizeMB else {
            throw ArcFaceError(
                .configuration, "there is no limit to clear out to", at: "storage.max_size_mb",
                mend: "set it, or give --max-size-mb")
        }
        let eviction = try ArcFaceError.told { () throws(EngineStoreError) in
            try folder.evict(downTo: limit << 20, isRehearsal: isRehearsal)
        }
        let removed = eviction.removed.map {
            ShelfOutcome(
                $0.fileName, isRehearsal ? "would be deleted (\($0.bytes) bytes)" : "deleted (\($0.bytes) bytes)")
        }
        let spared = eviction.spared.map { ShelfOutcome($0.fileName, "stays: pinned, or being written") }
        return (removed + spared, eviction.bytes)
    }

    /// Signs engines of the folder, in place of any signature that they have.
    ///
    /// - Parameters:
    ///   - names: which; none means all.
    ///   - keyPath: the private key's file; nil takes the configured one, or the environment's.
    /// - Returns: what became of each.
    /// - Throws: `ArcFaceError` if a name means nothing, there is no key, or the folder can't be read.
    package func sign(_ names: [String], keyPath: String?) throws(ArcFaceError) -> [ShelfOutcome] {
        let signer = try EngineSigner(configuration.storage, path: keyPath)
        guard let publicKey = signer.publicKey else {
            throw ArcFaceError(
                .configuration, "there is no key to sign with", at: "storage.signing_key_path",
                mend: "give --key, or set the path or \(EngineSigner.variable); `engines keygen` makes a key")
        }
        // What isn't signed yet must be seen too; its plan is checked against its manifest all the same.
        let unsigned = EngineFolder(path: folder.path, trust: .anyone)
        let listings = try ArcFaceError.told { () throws(EngineStoreError) in
            try FolderRepository(unsigned).list()
        }
        let items = try chosen(names, of: listings.map { ShelfItem($0) }, in: folder.path)
        return items.map { item in
            outcome(item) { entry throws(EngineStoreError) in
                let fileName = try EngineFileName(entry.id)
                let lock = try unsigned.lock(fileName.name, waiting: LockWaiting(shouldStop: shouldStop))
                let manifest = try signer.signed(unsigned.engine(fileName).manifest)
                _ = try unsigned.replaceManifest(with: manifest, of: fileName, holding: lock)
                return "signed with \(publicKey)"
            }
        }
    }

    /// Makes a key pair: the private key goes to a new file that only its owner may read.
    ///
    /// - Returns: the public key's text, for `storage.public_keys`.
    /// - Throws: `ArcFaceError` if the file can't be written, or is there already.
    package static func makeKey(at path: String) throws(ArcFaceError) -> String {
        do throws(SignatureError) {
            let key = try SigningKey()
            try key.write(to: path)
            return "\(key.verificationKey)"
        } catch {
            throw ArcFaceError(.outputUnwritable, error.what, at: error.location, mend: error.mend)
        }
    }
}
