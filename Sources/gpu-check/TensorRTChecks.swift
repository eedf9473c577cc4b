import Glibc
import Logging
import NativeLibraries
import TensorRT

/// What the TensorRT room claims, with real libraries and a real GPU. Which libraries, environment variables say:
/// `GPU_CHECK_TENSORRT_LEAN` and `GPU_CHECK_TENSORRT_RTX` are folders, `GPU_CHECK_ONNX` is a prepared model to build.
/// What isn't set isn't checked.
enum TensorRTChecks {
    static func run(_ report: CheckReport) {
        let environment = SearchSurroundings.current.environment
        if let folder = environment["GPU_CHECK_TENSORRT_LEAN"] {
            lean(.tensorRT(path: folder, source: "GPU_CHECK_TENSORRT_LEAN"), report)
        }
        if let folder = environment["GPU_CHECK_TENSORRT_RTX"] {
            rtx(
                .tensorRTRTX(path: folder, source: "GPU_CHECK_TENSORRT_RTX"), model: environment["GPU_CHECK_ONNX"],
                report)
        }
    }

    /// The run-only library: it starts, refuses what isn't a plan in its own words through our logger, and goes away.
    private static func lean(_ search: LibrarySearch, _ report: CheckReport) {
        let log = CollectedLog()
        report.check("tensorrt lean: runtime") {
            let library = try TensorRTLibrary.load(search, logger: log.logger)
            let runtime = try TensorRTRuntime(library)
            try expect(library.flavour == .lean, "the flavour is \(library.flavour)")
            try expect(!library.capabilities.builds, "it says that it builds")
            withExtendedLifetime(runtime) {}
            return [
                ("path", .text(library.path)), ("version", .text("\(library.version)")),
                ("driver", .text("\(DriverState.current())")),
            ]
        }
        report.check("tensorrt lean: a corrupt plan is refused") {
            let runtime = try TensorRTRuntime(try TensorRTLibrary.load(search, logger: log.logger))
            let error = try refusal { try runtime.deserialize([UInt8](repeating: 0x5a, count: 1 << 16)) }
            try expect(error.code == .planDamaged, "the code is \(error.code): \(error)")
            let words = error.log.first { $0.severity <= .error }?.message ?? ""
            try expect(!words.isEmpty, "TensorRT logged nothing")
            try expect(log.errors.contains(words), "our logger didn't get \(words)")
            return [("error", .text("\(error)")), ("tensorrt_says", .text(words))]
        }
        report.check("tensorrt lean: unloading") {
            let maps = try mappedFiles()
            try expect(!maps.contains { $0.contains("libnvinfer_lean") }, "the library is still mapped")
            return [("messages", .number(Double(log.count)))]
        }
    }

    /// TensorRT-RTX builds anywhere; on data centre GPUs it refuses to load, which has to be said well.
    private static func rtx(_ search: LibrarySearch, model: String?, _ report: CheckReport) {
        let log = CollectedLog()
        var plan: PlanMemory?
        report.check("tensorrt-rtx: build") {
            let library = try TensorRTLibrary.load(search, logger: log.logger)
            guard let model else { return [("version", .text("\(library.version)")), ("model", .text("none given"))] }
            let profile = BatchProfile(minimum: 1, optimum: 8, maximum: 32)
            let built = try TensorRTBuilder(library).build(.file(model), options: BuildOptions(profiles: [profile]))
            plan = built.plan
            return [
                ("version", .text("\(library.version)")), ("plan_bytes", .number(Double(built.plan.count))),
                ("layers", .number(Double(built.layerCount))), ("duration", .text("\(built.buildDuration)")),
            ]
        }
        guard let plan else { return }
        report.check("tensorrt-rtx: loading") {
            let runtime: TensorRTRuntime
            do {
                runtime = try TensorRTRuntime(try TensorRTLibrary.load(search, logger: log.logger))
                let engine = try runtime.deserialize(plan)
                _ = try engine.layersJSON()
                return [
                    ("tensors", .text("\(engine.tensors.map(\.name))")),
                    ("profiles", .number(Double(engine.profileCount))),
                    ("context_bytes", .number(Double(engine.contextByteCount))),
                ]
            } catch let error as TensorRTError where error.code == .gpuUnsupported {
                try expect(!error.mend.isEmpty, "the error doesn't say what to do: \(error)")
                return [("refused", .text("\(error)"))]
            }
        }
    }

    private static func refusal(_ body: () throws -> TensorRTEngine) throws -> TensorRTError {
        do {
            _ = try body()
        } catch let error as TensorRTError {
            return error
        }
        throw CheckReport.Mismatch(description: "it was taken")
    }

    private static func mappedFiles() throws -> [String] {
        guard let file = fopen("/proc/self/maps", "r") else {
            throw CheckReport.Mismatch(description: "can't read /proc/self/maps")
        }
        defer { fclose(file) }
        var lines: [String] = []
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0 {
            if let line { lines.append(String(cString: line)) }
        }
        return lines
    }
}
