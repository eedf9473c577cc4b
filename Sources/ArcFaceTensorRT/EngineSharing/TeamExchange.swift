import EngineStore
import Foundation

/// Gets engines from the team's store, asks there for the right to build, and puts there what was built. Each step is told.
///
/// A store that can't be reached doesn't keep anybody from building: that is told as a warning.
struct TeamExchange {
    private let team: any EngineTeam
    private let mayPush: Bool
    private let shouldStop: @Sendable () -> Bool
    private let report: @Sendable (EngineBuildJob.Event) -> Void

    /// What a search came to.
    enum Outcome {
        /// The engine, in the folder now.
        case engine(StoredEngine)
        /// It has to be built, under a claim if the store gave one.
        case build((any EngineLease)?)
        /// The caller asked to stop.
        case stopped
    }

    /// Nil if a configuration names no bucket.
    ///
    /// - Throws: `ArcFaceError` with code `.configuration`.
    init?(
        _ configuration: ArcFaceConfiguration, shouldStop: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (EngineBuildJob.Event) -> Void
    ) throws(ArcFaceError) {
        let storage = configuration.storage
        guard let team = try TeamStore.open(storage, trust: EngineTrust(storage), shouldStop: shouldStop) else {
            return nil
        }
        self.init(team: team, mayPush: storage.push, shouldStop: shouldStop, report: report)
        if !storage.verifyTLS {
            report(.warning("storage.verify_tls is false: the server of the team's engines needn't prove who it is"))
        }
    }

    init(
        team: any EngineTeam, mayPush: Bool, shouldStop: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (EngineBuildJob.Event) -> Void
    ) {
        self.team = team
        self.mayPush = mayPush
        self.shouldStop = shouldStop
        self.report = report
    }

    /// Gets the engine, or the right to build it: while another machine builds, it is waited for.
    ///
    /// - Parameters:
    ///   - key: the engine.
    ///   - folder: where it goes.
    ///   - lock: the right to write it there.
    /// - Returns: the engine, or that it has to be built.
    /// - Throws: `ArcFaceError` if the folder can't be written.
    func obtain(
        _ key: EngineKey, into folder: EngineFolder, holding lock: borrowing EngineLock
    ) throws(ArcFaceError) -> Outcome {
        var told: LockHolder??
        while true {
            do throws(EngineStoreError) {
                switch try team.find(key) {
                case .success(let entry):
                    if let engine = try fetch(entry, holding: lock) { return .engine(engine) }
                    return .build(nil)
                case .failure(let miss):
                    if told == nil { report(.message("\(team.location): no engine to use (\(miss))")) }
                }
                guard mayPush else { return .build(nil) }
                switch try team.claim(key) {
                case .granted(let lease):
                    // Whoever had the claim before may have left the engine.
                    guard case .success = try team.find(key) else { return .build(lease) }
                    lease.release()
                    continue
                case .held(let holder):
                    if told != .some(holder) {
                        report(
                            .message("\(team.location): \(holder?.description ?? "another machine") builds it; waiting")
                        )
                    }
                    told = .some(holder)
                }
            } catch {
                if error.code == .cancelled { return .stopped }
                try refuseUnlessRemote(error)
                report(.warning("the team's store is left out: \(error)"))
                return .build(nil)
            }
            if shouldStop() { return .stopped }
            Thread.sleep(forTimeInterval: Double.random(in: 0.5...1.5))
            if shouldStop() { return .stopped }
        }
    }

    /// Gets the engine if the store has it; nil if not, or if the store can't be used.
    func fetch(
        _ key: EngineKey, into folder: EngineFolder
    ) throws(ArcFaceError) -> StoredEngine? {
        do throws(EngineStoreError) {
            switch try team.find(key) {
            case .failure(let miss):
                report(.message("\(team.location): no engine to use (\(miss))"))
                return nil
            case .success(let entry):
                let lock = try folder.lock(entry.manifest.name(), waiting: LockWaiting(shouldStop: shouldStop))
                return try fetch(entry, holding: lock)
            }
        } catch {
            if error.code == .cancelled { return nil }
            try refuseUnlessRemote(error)
            report(.warning("the team's store is left out: \(error)"))
            return nil
        }
    }

    /// Puts an engine there that was built here. What keeps it from that is told, and the engine is used here anyway.
    func offer(_ engine: StoredEngine, replacing: Bool) {
        guard mayPush else { return }
        if let license = engine.manifest.model.license, LicenseTerms.isNonCommercial(license) {
            return report(
                .message(
                    "not put into \(team.location): the model's licence is \(license), and an engine is made of its model; "
                        + "`engines push --accept-license` does it"))
        }
        do throws(EngineStoreError) {
            let (entry, isNew) = try team.put(engine, replacing: replacing, progress: { _ in })
            report(.message(isNew ? "stored as \(entry.location)" : "\(entry.location) is there already and stays"))
        } catch {
            report(.warning("not put into the team's store: \(error)"))
        }
    }

    /// Copies an engine into the folder; nil, and told why, if its bytes aren't those of its manifest.
    private func fetch(
        _ entry: EngineEntry, holding lock: borrowing EngineLock
    ) throws(EngineStoreError) -> StoredEngine? {
        let size = String(format: "%.1f MB", Double(entry.manifest.plan.bytes) / 1e6)
        // An engine for other GPUs too carries the name of the one that it was built on; the lock is for the wanted one.
        guard try entry.manifest.name() == lock.name else {
            let other = try EngineFolder(path: lock.folder, trust: .anyone).lock(
                entry.manifest.name(), waiting: LockWaiting(shouldStop: shouldStop))
            return try fetch(entry, holding: other)
        }
        report(.message("fetching \(entry.location) (\(size))"))
        var failure: EngineStoreError?
        // Once more: what was damaged on the way isn't the second time.
        for _ in 0..<2 {
            do throws(EngineStoreError) {
                let engine = try team.get(entry, into: PlanWriter(holding: lock), progress: { _ in })
                report(.message("fetched and verified: \(engine.planPath)"))
                return engine
            } catch {
                guard error.code == .fileAltered || error.code == .planMissing else { throw error }
                failure = error
            }
        }
        if let failure { report(.warning("not used: \(failure)")) }
        return nil
    }

    /// Errors of the folder are this machine's matter, and no reason to go on without the store.
    private func refuseUnlessRemote(_ error: EngineStoreError) throws(ArcFaceError) {
        switch error.code {
        case .storeUnavailable, .storeRefused, .planMissing, .fileAltered: return
        default: throw ArcFaceError(error)
        }
    }
}
