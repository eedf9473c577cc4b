import Foundation
import Synchronization

/// Turns the first SIGINT or SIGTERM into a flag that jobs look at; a second one ends the process at once.
final class Interrupt: Sendable {
    private let requested = Atomic(false)
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// - Parameter announce: called once, when the first signal came.
    init(announce: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "arcface-tensorrt.interrupt")
        sources = [SIGINT, SIGTERM].map { number in
            // The dispatch source sees the signal even though the process ignores it.
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
            source.setEventHandler { [self] in
                if requested.exchange(true, ordering: .relaxed) {
                    signal(number, SIG_DFL)
                    raise(number)
                } else {
                    announce()
                }
            }
            source.resume()
        }
    }

    /// Whether someone asked the process to stop.
    var isRequested: Bool { requested.load(ordering: .relaxed) }
}
