import ArcFaceTensorRT

/// How far an engine's build is, as words.
struct BuildProgressText: StatusText {
    let progress: EngineBuildProgress

    var line: String { "\(percent), \(timeLeft), \(progress.phase)" }

    func bar(columns: Int) -> String {
        Self.bar(progress.fraction, text: " \(percent)  \(timeLeft)  \(shortPhase)", columns: columns)
    }

    private var percent: String { "\(Int(progress.fraction * 100)) %" }

    private var timeLeft: String {
        guard let left = progress.timeLeft else { return "time left unknown" }
        return Self.left(Double(left.components.seconds) + Double(left.components.attoseconds) * 1e-18)
    }

    /// TensorRT's phases may have the names of many layers in them.
    private var shortPhase: String {
        progress.phase.count > 32 ? "\(progress.phase.prefix(31))…" : progress.phase
    }
}

extension StatusLine {
    /// Shows what an engine's build tells.
    func show(_ event: EngineBuildJob.Event) {
        switch event {
        case .message(let text): message(text)
        case .warning(let text): message("warning: \(text)")
        case .progress(let build):
            // A build that takes a moment needs no bar.
            guard build.elapsed > .milliseconds(500) else { return }
            progress(BuildProgressText(progress: build))
        }
    }
}
