import CUDADriver
import Synchronization

/// Marks around the stages of one run, and the times between them by the GPU's clock; by the host's what the host does.
final class StageTimer: Sendable {
    /// A part of a run.
    enum Stage: Int, Sendable, CaseIterable {
        case hostToDevice, compute, deviceToHost
    }

    /// A part of a run that the host does.
    enum HostStage: Sendable {
        case staging, collecting
    }

    private let onHost = Mutex<[HostStage: Duration]>([:])
    private let begun: [CUDAEvent]
    private let ended: [CUDAEvent]

    /// - Throws: `CUDAError` when the driver can't make events.
    init(on gpu: CUDAContext) throws(CUDAError) {
        var events: [CUDAEvent] = []
        for _ in 0..<2 * Stage.allCases.count { events.append(try CUDAEvent(on: gpu, measuresTime: true)) }
        begun = Array(events.prefix(Stage.allCases.count))
        ended = Array(events.suffix(Stage.allCases.count))
    }

    /// Marks the beginning of a stage at the present end of a stream.
    func begin(_ stage: Stage, on stream: CUDAStream) throws(CUDAError) {
        try begun[stage.rawValue].record(on: stream)
    }

    /// Marks the end of a stage.
    func end(_ stage: Stage, on stream: CUDAStream) throws(CUDAError) {
        try ended[stage.rawValue].record(on: stream)
    }

    /// Does a stage of the host.
    func time<Failure: Error>(_ stage: HostStage, _ body: () throws(Failure) -> Void) throws(Failure) {
        let start = ContinuousClock.now
        try body()
        let duration = ContinuousClock.now - start
        onHost.withLock { $0[stage, default: .zero] += duration }
    }

    /// The times of a run that is over.
    ///
    /// - Throws: `CUDAError` when a mark wasn't reached.
    func times() throws(CUDAError) -> StageTimes {
        var milliseconds: [Double] = []
        for (start, end) in zip(begun, ended) {
            try end.synchronize()
            milliseconds.append(try end.milliseconds(since: start))
        }
        let onHost = onHost.withLock { $0 }
        return StageTimes(
            staging: onHost[.staging] ?? .zero, hostToDevice: .seconds(milliseconds[0] / 1000),
            compute: .seconds(milliseconds[1] / 1000), deviceToHost: .seconds(milliseconds[2] / 1000),
            collecting: onHost[.collecting] ?? .zero)
    }
}
