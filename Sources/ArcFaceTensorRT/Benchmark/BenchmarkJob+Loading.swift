import Synchronization

extension BenchmarkJob {
    /// Who is measured, and who can't be.
    struct Field {
        /// At least one.
        var entrants: [BenchmarkEntrant] = []
        var leftOut: [BenchmarkReport.LeftOut] = []
    }

    /// Loads the runtimes, one by one or at the same time, and calls each once at each batch size, one by one.
    ///
    /// - Returns: nil if the benchmark was stopped.
    /// - Throws: `ArcFaceError` of the first runtime that can't start; if such are left out, only where none is left.
    func field(
        observer: MachineObserver, shouldStop: @escaping @Sendable () -> Bool,
        building: @escaping @Sendable (EngineBuildJob.Event) -> Void, report: (Event) -> Void
    ) throws(ArcFaceError) -> Field? {
        let load = Load(configuration: configuration, shouldStop: shouldStop, building: building)
        var loaded: [Result<BenchmarkLoad, ArcFaceError>] = []
        if options.loadsTogether, options.runtimes.count > 1 {
            report(.began("loading \(options.runtimes.map(\.name).joined(separator: ", ")) at the same time"))
            loaded = try load.together(options.runtimes)
        }
        var field = Field()
        var failure: ArcFaceError?
        var models = BenchmarkModels()
        for (place, name) in options.runtimes.enumerated() {
            if shouldStop() { return nil }
            do throws(ArcFaceError) {
                let memory = loaded.isEmpty ? BenchmarkEntrant.Memory(observer) : nil
                if loaded.isEmpty { report(.began("loading \(name.name)")) }
                let own = try loaded.isEmpty ? load(name) : loaded[place].get()
                field.entrants.append(
                    try BenchmarkEntrant(
                        own, configuration: configuration, batchSizes: options.batchSizes, faces: faces,
                        memory: memory.map { (before: $0, observer: observer) }, first: field.entrants.first,
                        models: &models))
            } catch {
                guard options.skipsUnavailable, error.isOfTheRuntime else { throw error }
                failure = failure ?? error
                field.leftOut.append(BenchmarkReport.LeftOut(name: name.name, reason: error.description))
                report(.began("left out: \(name.name): \(error)"))
            }
        }
        if let failure, field.entrants.isEmpty { throw failure }
        return field
    }

    /// How runtimes are loaded.
    private struct Load: Sendable {
        let configuration: ArcFaceConfiguration
        let shouldStop: @Sendable () -> Bool
        let building: @Sendable (EngineBuildJob.Event) -> Void

        func callAsFunction(_ name: NamedRuntime) throws(ArcFaceError) -> BenchmarkLoad {
            let clock = ContinuousClock()
            let start = clock.now
            let runtime = try name.load(
                configuration, engines: BuiltEngines(shouldStop: shouldStop, report: building),
                hooks: PreparationHooks(report: building, shouldStop: shouldStop))
            return BenchmarkLoad(name: name, loaded: runtime, seconds: (clock.now - start).inSeconds)
        }

        /// A thread for each: loading waits for processes, which bring threads of their own. Engines come first, one by
        /// one: where one has to be built, what is measured for it on the GPU must not be disturbed.
        func together(_ names: [NamedRuntime]) throws(ArcFaceError) -> [Result<BenchmarkLoad, ArcFaceError>] {
            let results = LoadResults(count: names.count)
            var threads: [WorkerThread] = []
            defer { for thread in threads { thread.join() } }
            let isGraph = names.map { [.pyTorch, .onnxRuntime].contains($0.backend) }
            for (place, name) in names.enumerated() where !isGraph[place] {
                results.put(Result { () throws(ArcFaceError) in try self(name) }, at: place)
            }
            for (place, name) in names.enumerated() where isGraph[place] {
                threads.append(
                    try WorkerThread(stackBytes: 8 << 20) { [self] in
                        results.put(Result { () throws(ArcFaceError) in try self(name) }, at: place)
                    })
            }
            for thread in threads { thread.join() }
            threads = []
            return results.all
        }
    }
}

/// What threads loaded, by the places of the runtimes.
private final class LoadResults: Sendable {
    private let results: Mutex<[Result<BenchmarkLoad, ArcFaceError>]>

    init(count: Int) {
        let missing = ArcFaceError(.runtimeFailed, "the thread that loads it ended before it was loaded")
        results = Mutex(Array(repeating: .failure(missing), count: count))
    }

    var all: [Result<BenchmarkLoad, ArcFaceError>] { results.withLock { $0 } }

    func put(_ result: Result<BenchmarkLoad, ArcFaceError>, at place: Int) {
        results.withLock { $0[place] = result }
    }
}

extension ArcFaceError {
    /// Whether another runtime might do better: a missing file, or someone who interrupts, is no matter of one.
    fileprivate var isOfTheRuntime: Bool {
        switch code {
        case .unavailable, .runtimeFailed, .modelUnusable, .configuration, .invalidInput: true
        case .inputMissing, .modelMissing, .outputUnwritable, .writeFailed, .resumeMismatch, .cancelled: false
        }
    }
}
