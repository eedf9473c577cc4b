package import EngineStore
internal import Foundation
internal import Synchronization

/// A claim in the bucket: an object that its holder keeps renewing.
///
/// Where the server enforces conditional writes, exactly one claimant can create or replace the object. Where it doesn't
/// (that is found out), the last writer of a short while has it, and everybody looks again after that while.
final class S3Lease: EngineLease {
    private let client: S3Client
    private let key: String
    private let isEnforced: Bool
    private let state: Mutex<State>
    private let wakeUp = NSCondition()

    private struct State {
        var note: LeaseNote
        var etag: String
        var isLost = false
        var isReleased = false
        var isDone = false
    }

    /// How long a claim waits for others to overwrite it where the server lets them, in seconds.
    static let settling = 1.0

    private init(_ client: S3Client, key: String, note: LeaseNote, etag: String, isEnforced: Bool) {
        self.client = client
        self.key = key
        self.isEnforced = isEnforced
        state = Mutex(State(note: note, etag: etag))
    }

    /// Claims once, without waiting for others.
    static func claim(_ client: S3Client, key: String, leaseSeconds: Int) throws(S3Error) -> EngineClaim {
        let there = try client.lock(key)
        if let there, !there.isExpired(usual: leaseSeconds) { return .held(by: there.note?.holder) }
        let note = LeaseNote(leaseSeconds: leaseSeconds)
        do throws(S3Error) {
            try client.put(note.json, to: key, if: there.map { .unchanged(etag: $0.etag) } ?? .absent)
        } catch {
            guard error.code == .conditionFailed || error.code == .objectMissing else { throw error }
            // A write that was repeated may have met itself.
            let now = try client.lock(key)
            guard now?.note?.token == note.token else { return .held(by: now?.note?.holder) }
        }
        let isEnforced = try enforces(client, key: key, note)
        if !isEnforced { Thread.sleep(forTimeInterval: settling) }
        guard let now = try client.lock(key), now.note?.token == note.token else {
            return .held(by: try client.lock(key)?.note?.holder)
        }
        let lease = S3Lease(client.uninterrupted, key: key, note: note, etag: now.etag, isEnforced: isEnforced)
        lease.keepRenewing()
        return .granted(lease)
    }

    /// Whether the server refuses to create an object that is there.
    private static func enforces(_ client: S3Client, key: String, _ note: LeaseNote) throws(S3Error) -> Bool {
        do throws(S3Error) {
            try client.put(note.json, to: key, if: .absent)
            return false
        } catch {
            guard error.code == .conditionFailed else { throw error }
            return true
        }
    }

    var isLost: Bool { state.withLock { $0.isLost } }

    func release() {
        let isFirst = state.withLock { state in
            defer { state.isReleased = true }
            return !state.isReleased
        }
        guard isFirst else { return }
        wakeUp.lock()
        wakeUp.broadcast()
        while !state.withLock({ $0.isDone }) { wakeUp.wait() }
        wakeUp.unlock()
        // If this fails the claim ends by itself; and one that was lost is somebody else's.
        let token = state.withLock { $0.note.token }
        if let now = try? client.lock(key), now.note?.token == token { try? client.delete(key) }
    }

    private func keepRenewing() {
        let thread = Thread { [self] in
            let seconds = state.withLock { $0.note.leaseSeconds }
            let pause = max(Double(seconds) / 3, 0.2)
            var last = ContinuousClock.now
            wakeUp.lock()
            while !state.withLock({ $0.isReleased || $0.isLost }) {
                if wakeUp.wait(until: Date(timeIntervalSinceNow: pause)) { continue }
                wakeUp.unlock()
                do throws(S3Error) {
                    try renew()
                    last = .now
                } catch {
                    // A server that is away for a moment is met again; after a whole lease somebody else may have it.
                    if ContinuousClock.now - last > .seconds(seconds) { state.withLock { $0.isLost = true } }
                }
                wakeUp.lock()
            }
            state.withLock { $0.isDone = true }
            wakeUp.broadcast()
            wakeUp.unlock()
        }
        thread.name = "s3-lease"
        thread.start()
    }

    private func renew() throws(S3Error) {
        var (note, etag) = state.withLock { ($0.note, $0.etag) }
        note.renewals += 1
        let isMine = isEnforced ? true : try client.lock(key)?.note?.token == note.token
        do throws(S3Error) {
            guard isMine else { throw S3Error(.conditionFailed, "", at: key) }
            etag = try client.put(note.json, to: key, if: .unchanged(etag: etag))
        } catch {
            guard error.code == .conditionFailed || error.code == .objectMissing else { throw error }
            guard let now = try client.lock(key), now.note?.token == note.token else {
                state.withLock { $0.isLost = true }
                return
            }
            etag = now.etag
        }
        let renewed = (note, etag)
        state.withLock { ($0.note, $0.etag) = renewed }
    }
}

extension S3EngineRepository {
    package func claim(_ key: EngineKey) throws(EngineStoreError) -> EngineClaim {
        let object = self.key(.lock(key.name, wish: try key.digest()))
        return try EngineStoreError.told { try S3Lease.claim(client, key: object, leaseSeconds: leaseSeconds) }
    }
}
