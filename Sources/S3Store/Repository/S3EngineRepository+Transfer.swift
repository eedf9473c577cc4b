internal import Digests
package import EngineStore

extension S3EngineRepository {
    package func get(
        _ entry: EngineEntry, into writer: PlanWriter, progress: (Int) -> Void
    ) throws(EngineStoreError) -> StoredEngine {
        try trust.check(entry.manifest, at: entry.location)
        var count = 0
        try download(entry) { bytes throws(EngineStoreError) in
            try writer.append(bytes)
            count += bytes.count
            progress(count)
        }
        return try writer.commit(entry.manifest)
    }

    package func verify(_ entry: EngineEntry, progress: (Int) -> Void) throws(EngineStoreError) {
        try trust.check(entry.manifest, at: entry.location)
        var hasher = SHA256()
        var count = 0
        try download(entry) { bytes throws(EngineStoreError) in
            hasher.update(bytes)
            count += bytes.count
            progress(count)
        }
        let digest = hasher.finalize()
        guard digest == entry.manifest.plan.sha256 else {
            throw EngineStoreError.altered(found: digest, expected: entry.manifest.plan.sha256, at: entry.location)
        }
    }

    package func put(
        _ engine: StoredEngine, replacing: Bool, progress: (Int) -> Void
    ) throws(EngineStoreError) -> (entry: EngineEntry, isNew: Bool) {
        let manifest = engine.manifest
        try trust.check(manifest, at: engine.planPath)
        let name = try manifest.name()
        let part = BucketKey.manifest(name, identity: try manifest.identity())
        let target = key(part)
        let new = EngineEntry(id: part.text, location: client.location(target), manifest: manifest)
        let there = try EngineStoreError.told { try client.get(target, limit: EngineManifest.largestFile) }
        let old = there.flatMap { try? entry($0.bytes, name: name, identity: part, key: target) }
        if let old, !replacing || old.manifest == manifest { return (old, false) }
        try upload(engine, to: planKey(manifest), progress)
        let json = try manifest.json()
        do throws(S3Error) {
            try client.put(json, to: target, if: there.map { .unchanged(etag: $0.etag) } ?? .absent)
        } catch {
            guard error.code == .conditionFailed else { throw EngineStoreError(error) }
            // Either this very write was there before its answer, or somebody was faster.
            let now = try EngineStoreError.told { try client.get(target, limit: EngineManifest.largestFile) }
            if now?.bytes == json { return (new, true) }
            guard let now else { throw EngineStoreError(error) }
            let winner = try entry(now.bytes, name: name, identity: part, key: target)
            try discard(manifest, unless: winner.manifest)
            return (winner, false)
        }
        if let old { try discard(old.manifest, unless: manifest) }
        return (new, true)
    }

    package func delete(_ entry: EngineEntry) throws(EngineStoreError) -> Bool {
        guard let part = BucketKey(entry.id), case .manifest = part else {
            throw EngineStoreError(
                .invalidName, "this isn't the key of an engine", at: "`\(entry.id.prefix(300))`", mend: "")
        }
        let target = key(part)
        let was = try EngineStoreError.told { try client.look(at: target) }
        // The manifest first: a plan without one is no engine.
        try EngineStoreError.told {
            try client.delete(target)
            try client.delete(planKey(entry.manifest))
        }
        return was != nil
    }

    /// Deletes the plan of a manifest that isn't there any more.
    private func discard(_ manifest: EngineManifest, unless other: EngineManifest) throws(EngineStoreError) {
        guard manifest.plan.sha256 != other.plan.sha256 else { return }
        try EngineStoreError.told { try client.delete(planKey(manifest)) }
    }

    private func upload(_ engine: StoredEngine, to key: String, _ progress: (Int) -> Void) throws(EngineStoreError) {
        let expected = engine.manifest.plan
        let plan = try EngineFolder(path: engine.folder, trust: trust).openPlan(of: engine)
        var hasher = SHA256()
        try EngineStoreError.told {
            try client.upload(to: key, size: plan.size, progress: progress) { buffer, offset in
                try plan.read(into: buffer, from: offset)
                hasher.update(UnsafeRawBufferPointer(buffer))
                // The server puts the object together only after the last part: until then it can be taken back.
                guard offset + buffer.count == plan.size else { return }
                let digest = hasher.finalize()
                guard digest == expected.sha256 else {
                    throw EngineStoreError.altered(found: digest, expected: expected.sha256, at: engine.planPath)
                }
            }
        }
    }

    private func download(
        _ entry: EngineEntry, _ consume: (UnsafeRawBufferPointer) throws(EngineStoreError) -> Void
    ) throws(EngineStoreError) {
        let manifest = entry.manifest
        let key = try planKey(manifest)
        do {
            try client.download(key, size: manifest.plan.bytes, consume: consume)
        } catch let error as S3Error where error.code == .objectMissing {
            throw EngineStoreError(
                .planMissing, "its manifest is there, its plan isn't", at: entry.location,
                mend: "push the engine again with --replace, or delete it")
        } catch {
            try EngineStoreError.told { throw error }
        }
    }
}
