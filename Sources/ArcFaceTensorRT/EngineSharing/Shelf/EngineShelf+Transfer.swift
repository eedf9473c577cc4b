import EngineStore

extension EngineShelf {
    /// Puts engines of the folder into the team's store.
    ///
    /// - Parameters:
    ///   - names: which; none means all.
    ///   - replacing: whether an engine of the same identity there gives way.
    ///   - acceptsLicense: whether engines of models for non-commercial use go too.
    ///   - progress: told which engine is under way, how many bytes of it have arrived, and of how many.
    /// - Returns: what became of each.
    /// - Throws: `ArcFaceError` if a name means nothing, or a place can't be read.
    package func push(
        _ names: [String], replacing: Bool = false, acceptsLicense: Bool = false,
        progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws(ArcFaceError) -> [ShelfOutcome] {
        let team = try team()
        let items = try chosen(names, of: list(.folder), in: folder.path)
        return items.map { item in
            outcome(item) { entry throws(EngineStoreError) in
                let license = entry.manifest.model.license
                if let license, LicenseTerms.isNonCommercial(license), !acceptsLicense {
                    throw EngineStoreError(
                        .licenceRestricted,
                        "its model's licence is \(license), and an engine is made of its model", at: entry.location,
                        mend: "give --accept-license if the licence allows to share it")
                }
                let engine = try folder.engine(EngineFileName(entry.id))
                let (stored, isNew) = try team.put(engine, replacing: replacing) {
                    progress(item.id, $0, entry.manifest.plan.bytes)
                }
                guard !isNew else { return "stored as \(stored.location)" }
                let isSame = stored.manifest.plan == entry.manifest.plan
                return isSame
                    ? "is there already: \(stored.location)"
                    : "another build of it is there and stays (--replace replaces it): \(stored.location)"
            }
        }
    }

    /// Copies engines of the team's store into the folder, verified.
    ///
    /// - Parameters:
    ///   - names: which; none means all.
    ///   - progress: told which engine is under way, how many bytes of it have come, and of how many.
    /// - Returns: what became of each.
    /// - Throws: `ArcFaceError` if a name means nothing, or a place can't be read.
    package func pull(
        _ names: [String], progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws(ArcFaceError) -> [ShelfOutcome] {
        let team = try team()
        let items = try chosen(names, of: list(.team), in: team.location)
        return items.map { item in
            outcome(item) { entry throws(EngineStoreError) in
                if let there = try stored(entry.manifest) { return "is there already: \(there.planPath)" }
                let lock = try folder.lock(entry.manifest.name(), waiting: LockWaiting(shouldStop: shouldStop))
                var failure: EngineStoreError?
                // Once more: what was damaged on the way isn't the second time.
                for _ in 0..<2 {
                    do throws(EngineStoreError) {
                        let engine = try team.get(entry, into: PlanWriter(holding: lock)) {
                            progress(item.id, $0, entry.manifest.plan.bytes)
                        }
                        if let limit = configuration.storage.maxSizeMB {
                            _ = try folder.evict(downTo: limit << 20, keeping: engine.fileName)
                        }
                        return "fetched and verified: \(engine.planPath)"
                    } catch {
                        guard error.code == .fileAltered else { throw error }
                        failure = error
                    }
                }
                if let failure { throw failure }
                return ""
            }
        }
    }

    /// Reads every byte of engines and checks digests and signatures.
    ///
    /// - Parameters:
    ///   - names: which; none means all.
    ///   - place: of which place.
    ///   - progress: told which engine is under way, how many bytes of it were read, and of how many.
    /// - Returns: what became of each.
    /// - Throws: `ArcFaceError` if a name means nothing, or the place can't be read.
    package func verify(
        _ names: [String], in place: Place, progress: (String, Int, Int) -> Void = { _, _, _ in }
    ) throws(ArcFaceError) -> [ShelfOutcome] {
        let repository = try repository(place)
        let items = try chosen(names, of: list(place), in: repository.location)
        return items.map { item in
            outcome(item) { entry throws(EngineStoreError) in
                try repository.verify(entry) { progress(item.id, $0, entry.manifest.plan.bytes) }
                let signer = entry.manifest.signature.map { ", signed by ed25519:\($0.publicKey)" } ?? ", not signed"
                return "whole\(signer)"
            }
        }
    }

    /// The same engine in the folder already: the same bytes under the same manifest.
    private func stored(_ manifest: EngineManifest) throws(EngineStoreError) -> StoredEngine? {
        let name = try manifest.name()
        for fileName in [EngineFileName(name), EngineFileName(name, identity: try manifest.identity())] {
            guard let engine = try? folder.engine(fileName), engine.manifest == manifest,
                (try? folder.verify(engine)) != nil
            else { continue }
            return engine
        }
        return nil
    }

    func outcome(
        _ item: ShelfItem, _ body: (EngineEntry) throws(EngineStoreError) -> String
    ) -> ShelfOutcome {
        guard let entry = item.entry else {
            return ShelfOutcome(item.id, ArcFaceError(.modelUnusable, item.problem ?? "", at: item.id))
        }
        do throws(EngineStoreError) {
            return ShelfOutcome(item.id, try body(entry))
        } catch {
            return ShelfOutcome(item.id, ArcFaceError(error))
        }
    }
}
