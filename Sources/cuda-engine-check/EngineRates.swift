import ArcFaceTensorRT
import Dispatch
import Foundation
import Synchronization

/// How many faces a second an engine embeds on each part of their way from host to host, and how long the stages of one
/// batch take.
///
/// All rates are measured in turns, a third of a second each, turn after turn without a pause: a GPU that is at its power
/// limit lowers its clock, and only rates at the same clock may be held against each other.
struct EngineRates {
    typealias Runtime = DissectedRuntime & EngineEmbedding & StageTimedRuntime

    /// What is measured: how the calls are made, and how far they go.
    enum Manner: String, CaseIterable {
        /// One caller whose calls are as large as the runtime takes.
        case device, pinned, host
        /// The same through what users call: with an array for the result, and normalised.
        case facade
        /// One caller that hands in as many batches as there are slots, and waits for all of them.
        case hostBySlots = "host_by_slots"
        /// As many callers as there are slots, each with a batch at a time.
        case deviceByCallers = "device_by_callers"
        case hostByCallers = "host_by_callers"

        var path: BatchPath {
            switch self {
            case .device, .deviceByCallers: .device
            case .pinned: .pinned
            case .host, .facade, .hostBySlots, .hostByCallers: .host
            }
        }

        /// What it is held against.
        var base: Manner { self == .hostByCallers ? .deviceByCallers : .device }
    }

    let runtime: any Runtime
    let faces: FaceMemory
    let batch: Int

    /// - Parameters:
    ///   - runtime: the engine.
    ///   - faces: memory of `runtime.maximumBatch` faces.
    ///   - batch: faces of a batch.
    init(_ runtime: any Runtime, _ faces: FaceMemory, batch: Int) {
        self.runtime = runtime
        self.faces = faces
        self.batch = batch
    }

    /// Measures for some seconds.
    ///
    /// - Returns: fields for a line of JSON.
    /// - Throws: what the engine throws.
    func measure(seconds: Double) throws -> [String: Any] {
        var fields: [String: Any] = ["batch": batch]
        // A smaller batch can't be forced on a caller who has more faces.
        let manners =
            runtime.batchSizes.last == batch ? Manner.allCases : [.deviceByCallers, .hostByCallers]
        let turn = 0.33
        let rounds = max(2, Int(seconds / (turn * Double(manners.count))))
        var rates: [Manner: [Double]] = [:]
        for round in 0...rounds {
            for manner in manners {
                let rate = try rate(manner, seconds: turn)
                // The first round finds a cool GPU.
                if round > 0 { rates[manner, default: []].append(rate) }
            }
        }
        for manner in manners {
            guard let own = rates[manner] else { continue }
            fields["\(manner.rawValue)_faces_per_second"] = median(own)
            if manner != manner.base, let base = rates[manner.base] {
                fields["\(manner.rawValue)_by_device"] = median(zip(own, base).map { $0 / $1 })
            }
        }
        if let base = rates[manners[0]] { fields["device_ms_sustained"] = Double(batch) / median(base) * 1000 }
        fields["rounds"] = rounds
        fields.merge(try stages()) { _, new in new }
        return fields
    }

    private func rate(_ manner: Manner, seconds: Double) throws -> Double {
        switch manner {
        case .device, .pinned, .host: try rate(manner.path, call: runtime.maximumBatch, callers: 1, seconds)
        case .facade:
            try Self.rate(call: faces.count, callers: 1, seconds) { (_) throws(ArcFaceError) in
                try faces.embed(with: runtime)
            }
        case .hostBySlots: try rate(manner.path, call: batch * runtime.concurrency, callers: 1, seconds)
        case .deviceByCallers, .hostByCallers:
            try rate(manner.path, call: batch, callers: runtime.concurrency, seconds)
        }
    }

    private func rate(_ path: BatchPath, call: Int, callers: Int, _ seconds: Double) throws -> Double {
        try Self.rate(call: call, callers: callers, seconds) { (caller) throws(ArcFaceError) in
            try faces.embed(from: caller * call, call, with: runtime, along: path)
        }
    }

    /// Faces a second of callers that call again and again until the time is over.
    private static func rate(
        call: Int, callers: Int, _ seconds: Double, _ body: @Sendable (Int) throws(ArcFaceError) -> Void
    ) throws -> Double {
        let clock = ContinuousClock()
        let embedded = Mutex(0)
        let failure = Mutex<ArcFaceError?>(nil)
        let start = clock.now
        DispatchQueue.concurrentPerform(iterations: callers) { caller in
            do throws(ArcFaceError) {
                while clock.now - start < .seconds(seconds), failure.withLock({ $0 == nil }) {
                    try body(caller)
                    embedded.withLock { $0 += call }
                }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return Double(embedded.withLock { $0 }) / (clock.now - start).inSeconds
    }

    /// Medians of single calls, with nothing beside them: all of it, and each stage after the other.
    private func stages() throws -> [String: Any] {
        var calls: [Double] = []
        var times: [StageTimes] = []
        for _ in 0..<31 {
            let start = ContinuousClock.now
            try faces.embed(from: 0, batch, with: runtime, along: .host)
            calls.append((ContinuousClock.now - start).inSeconds * 1000)
        }
        for _ in 0..<31 { times.append(try faces.embedTimed(batch, with: runtime)) }
        func milliseconds(_ stage: KeyPath<StageTimes, Duration>) -> Double {
            median(times.map { $0[keyPath: stage].inSeconds * 1000 })
        }
        return [
            "call_ms": median(calls), "staging_ms": milliseconds(\.staging),
            "host_to_device_ms": milliseconds(\.hostToDevice), "compute_ms": milliseconds(\.compute),
            "device_to_host_ms": milliseconds(\.deviceToHost), "collecting_ms": milliseconds(\.collecting),
        ]
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
