extension EngineFolder {
    /// How far a search looks into a plan.
    package enum Inspection: Sendable {
        /// The manifest and the plan's size.
        case manifest
        /// The plan's SHA-256 too: a second for a gigabyte or so.
        case digest
    }

    /// Looks for an engine that agrees with the key: first under its name, then among the folder's other engines of the
    /// same model, precision and runtime (one built for Ampere and later GPUs carries the name of the GPU it was built on).
    ///
    /// - Parameters:
    ///   - key: the wanted engine.
    ///   - inspection: whether the plan's bytes are verified too. `load` does that again, on the bytes that it returns.
    /// - Returns: the engine, or why there is none.
    /// - Throws: that the folder exists but can't be read. All that is wrong with a single file is a reason of the miss.
    package func find(
        _ key: EngineKey, inspection: Inspection = .digest
    ) throws(EngineStoreError) -> EngineLookup {
        let absent = EngineMiss(candidates: [.init(fileName: key.name.fileName, reason: .absent)])
        guard exists else { return .miss(absent) }
        let folder = try OpenFolder(path: path)
        var misses: [EngineMiss.Candidate] = []
        for fileName in try Self.candidates(for: key.name, in: folder) {
            do throws(EngineStoreError) {
                let engine = try Self.engine(fileName: fileName, in: folder, trust: trust)
                if let mismatch = try Self.mismatch(of: engine, with: key) {
                    misses.append(.init(fileName: fileName, reason: mismatch))
                    continue
                }
                if inspection == .digest { try verify(engine) }
                folder.markUsed(fileName)
                return .hit(engine)
            } catch {
                let reason: EngineMiss.Reason = error.code == .planMissing ? .absent : .unusable(error)
                misses.append(.init(fileName: fileName, reason: reason))
            }
        }
        return .miss(EngineMiss(candidates: misses))
    }

    /// Finds an engine and reads its plan, verified. An engine that is replaced meanwhile is looked for again.
    ///
    /// - Throws: that the folder can't be read. An altered plan is a reason of the miss.
    package func load(_ key: EngineKey) throws(EngineStoreError) -> Result<LoadedEngine, EngineMiss> {
        let attempts = 3
        var miss = EngineMiss(candidates: [])
        for _ in 0..<attempts {
            switch try find(key, inspection: .manifest) {
            case .miss(let reasons): return .failure(reasons)
            case .hit(let engine):
                do throws(EngineStoreError) {
                    return .success(try load(engine))
                } catch {
                    miss = EngineMiss(candidates: [.init(fileName: engine.fileName, reason: .unusable(error))])
                }
            }
        }
        return .failure(miss)
    }

    /// The wanted name, whether it is there or not, then those of the same model, precision and runtime.
    private static func candidates(
        for name: EngineName, in folder: borrowing OpenFolder
    ) throws(EngineStoreError) -> [String] {
        let others = try folder.entries().filter { entry in
            guard entry != name.fileName, let other = try? EngineFileName(entry).name else { return false }
            return other.model == name.model && other.precision == name.precision
                && other.target.runtime == name.target.runtime
        }
        return [name.fileName] + others
    }

    /// Why the engine isn't the wanted one, by its manifest; nil if it is.
    private static func mismatch(
        of engine: StoredEngine, with key: EngineKey
    ) throws(EngineStoreError) -> EngineMiss.Reason? {
        guard try EngineFileName(engine.fileName).fits(engine.manifest) else {
            let described = try engine.manifest.name().fileName
            return .unusable(
                EngineStoreError(
                    .fileAltered, "its manifest is that of \(described)", at: engine.planPath,
                    mend: "give both files their own names again, or build the engine again"))
        }
        let mismatches = key.mismatches(with: engine.manifest)
        return mismatches.isEmpty ? nil : .mismatched(mismatches)
    }
}
