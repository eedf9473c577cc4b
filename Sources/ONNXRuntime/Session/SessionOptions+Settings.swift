internal import CONNXRuntime

extension SessionOptions {
    /// Session configuration entries; what a caller wrote in `configuration` goes before what the fields mean.
    var sessionSettings: [String: String] {
        let spinning = allowSpinning ? "1" : "0"
        return [
            "session.intra_op.allow_spinning": spinning,
            "session.inter_op.allow_spinning": spinning,
            "session.set_denormal_as_zero": denormalsAsZero ? "1" : "0",
        ].merging(configuration) { _, given in given }
    }

    var runSettings: [String: String] {
        guard arenaShrinkage else { return [:] }
        let device = if case .cuda(let ordinal) = device { ";gpu:\(ordinal)" } else { "" }
        return ["memory.enable_memory_arena_shrinkage": (memoryArena ? "cpu:0" : "") + device]
            .filter { !$0.value.isEmpty }
    }

    var cudaSettings: [String: String] {
        guard case .cuda(let ordinal) = device else { return [:] }
        return cudaConfiguration.merging(["device_id": "\(ordinal)"]) { _, ordinal in ordinal }
    }

    /// Calls `body` with the C form of these options, which lives for the call only.
    func withCOptions<Result>(_ body: (UnsafePointer<cort_session_options>) -> Result) -> Result {
        let session = CSettings(sessionSettings)
        let run = CSettings(runSettings)
        let cuda = CSettings(cudaSettings)
        return name.withCString { name in
            var options = cort_session_options(
                log_id: name,
                log_severity: logSeverity.rawValue,
                intra_op_threads: Int32(clamping: intraOpThreads),
                inter_op_threads: Int32(clamping: interOpThreads),
                graph_optimization: graphOptimization.rawValue,
                parallel_execution: interOpThreads != 1,
                memory_arena: memoryArena,
                memory_pattern: memoryPattern,
                use_cuda: device != .cpu,
                cuda: cuda.view, config: session.view, run: run.view)
            return body(&options)
        }
    }
}
