import Synchronization

@testable import ArcFaceTensorRT

/// Someone who follows a preparation and remembers what was told.
final class Followed: Sendable {
    private let told = Mutex((lines: [String](), progress: [EngineBuildProgress]()))

    var lines: [String] { told.withLock { $0.lines } }
    var progress: [EngineBuildProgress] { told.withLock { $0.progress } }

    /// To be given to a preparation, which shall end at the first line that begins with `step`; nil lets it run.
    func hooks(stoppingAt step: String? = nil) -> PreparationHooks {
        PreparationHooks(
            message: { line in self.told.withLock { $0.lines.append(line) } },
            progress: { progress in self.told.withLock { $0.progress.append(progress) } },
            shouldStop: {
                guard let step else { return false }
                return self.lines.contains { $0.hasPrefix(step) }
            })
    }
}
