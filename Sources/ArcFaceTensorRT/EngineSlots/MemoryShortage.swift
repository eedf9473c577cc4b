import CUDADriver

/// What was refused for want of memory while an engine was made ready: for messages that say how much what would take, who
/// has the memory, and what was tried instead.
struct MemoryShortage {
    /// One attempt that was refused.
    private struct Attempt {
        var buckets: BatchBuckets
        var memory: EngineMemory
        var failure: GPUFailure
        var holders: String
    }

    /// The GPU that it is about where a failure doesn't say so itself.
    let gpu: CUDAContext
    private var attempts: [Attempt] = []

    init(gpu: CUDAContext) {
        self.gpu = gpu
    }

    /// Notes an attempt, and who holds the GPU's memory now.
    mutating func add(_ buckets: BatchBuckets, needing memory: EngineMemory, failure: GPUFailure) {
        let holders = failure.isOfPinnedMemory ? "" : (failure.gpu ?? gpu).holdersPhrase
        attempts.append(Attempt(buckets: buckets, memory: memory, failure: failure, holders: holders))
    }

    /// What is told where something smaller does: what the wanted batches need, and what is run instead; nil if nothing was
    /// refused.
    func warning(using got: BatchBuckets, on gpus: GPUSet) -> String? {
        attempts.first.map { first in
            let need = first.failure.isOfPinnedMemory ? first.memory.pinnedByteCount : first.memory.deviceByteCount
            return "\(gpus): too little \(Self.kind(first.failure)) for \(first.buckets.text), which need "
                + "\(ByteSize(need))\(first.holders): using \(got.text)"
        }
    }

    /// What is thrown where there is nothing smaller left to try.
    func error(for last: BatchBuckets) -> ArcFaceError {
        guard let attempt = attempts.last else {
            return ArcFaceError(.runtimeFailed, "too little GPU memory", at: gpu.device.description)
        }
        let tried = attempts.dropLast().map(\.buckets.text).joined(separator: ", ")
        let mend =
            attempt.failure.isOfPinnedMemory
            ? "free memory of the host, or raise the limit on locked memory (`ulimit -l`)"
            : "stop one of the processes that `nvidia-smi` lists, use another GPU, or build the engine with a smaller "
                + "--max-batch-size"
        return ArcFaceError(
            .runtimeFailed,
            "too little \(Self.kind(attempt.failure)) even for batches of \(last.largest), which need "
                + "\(attempt.memory)\(attempt.failure.namesHolders ? "" : attempt.holders): "
                + attempt.failure.error.what + (tried.isEmpty ? "" : "; tried before: \(tried)"),
            at: (attempt.failure.gpu ?? gpu).device.description, mend: mend)
    }

    private static func kind(_ failure: GPUFailure) -> String {
        failure.isOfPinnedMemory ? "pinned host memory" : "GPU memory"
    }
}

extension BatchBuckets {
    /// `batches of 12 on 2 streams`.
    var text: String { "batches of \(largest) on \(lanes) stream\(lanes == 1 ? "" : "s")" }
}

extension CUDAContext {
    /// `; the GPU's memory is held by python3 (pid 4711, 70.1 GiB), …`, the largest first; empty where NVML can't tell.
    var holdersPhrase: String {
        let holders = memoryHolders().prefix(5).map(\.description)
        return holders.isEmpty ? "" : "; the GPU's memory is held by \(holders.joined(separator: ", "))"
    }
}
