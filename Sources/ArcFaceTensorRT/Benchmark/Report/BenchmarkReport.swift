import Evaluation

/// What a benchmark measured; written and read as JSON.
package struct BenchmarkReport: Sendable, Equatable, Codable {
    /// How it was measured.
    package struct Method: Sendable, Equatable, Codable {
        /// Seconds for each runtime and batch size.
        package var duration: Double
        /// Calls at least.
        package var iterations: Int
        /// Seconds before.
        package var warmUp: Double
        /// Turns.
        package var rounds: Int
        /// What was embedded.
        package var faces: String
    }

    /// A runtime that was measured.
    package struct Runtime: Sendable, Equatable, Codable {
        /// As it was named: `onnxruntime:int8`.
        package var name: String
        /// Backend, version, device and model as loaded.
        package var backend, version, device, model: String
        /// What the network computes in: `fp32`, `tf32`, …
        package var arithmetic: String
        /// SHA-256 of the model's file.
        package var modelDigest: String
        /// 2 × multiply-adds of a face; nil where the model isn't ONNX.
        package var operationsPerFace: Int?
        /// Seconds from the command to the loaded runtime.
        package var loadSeconds: Double
        /// Bytes that the process and its children grew by, until every batch size had run once; nil where all were loaded
        /// at the same time.
        package var memory: Int?
        /// Bytes of GPU memory, likewise; nil without a GPU too.
        package var gpuMemory: Int?
        /// The least cosine between its embeddings and those of the first runtime; nil for the first, and for noise.
        package var leastCosine: Double?
        /// The peaks that percentages are of, and where they are from; nil where no peak is known.
        package var peak: Peak?
        /// What wasn't as it was asked for.
        package var warnings: [String]
    }

    /// A runtime that couldn't start.
    package struct LeftOut: Sendable, Equatable, Codable {
        /// As it was named.
        package var name: String
        /// Why, in one line.
        package var reason: String
    }

    /// What a GPU can do at most.
    package struct Peak: Sendable, Equatable, Codable {
        /// Tera-operations a second.
        package var teraOperations: Double
        /// Gigabytes a second.
        package var gigabytes: Double?
        /// Where the figures are from.
        package var source: String
    }

    /// A runtime at a batch size. Times are milliseconds.
    package struct Result: Sendable, Equatable, Codable {
        /// The runtime's name.
        package var runtime: String
        /// Faces of a call.
        package var batch: Int
        /// Calls measured.
        package var calls: Int
        /// Of a whole call, as the caller sees it.
        package var median, mean, least, p90, p95, p99, most: Double
        /// The very first call.
        package var first: Double
        /// Faces a second, from the mean.
        package var facesPerSecond: Double
        /// Medians of the stages; nil where the runtime doesn't tell them.
        package var hostToDevice, compute, deviceToHost: Double?
        /// The least time possible over the time that computing took, 0…100; nil where no peak is known.
        package var rooflinePercent: Double?
    }

    /// The form of the file, 1.
    package var format = 1
    /// The version that measured.
    package var tool: String
    /// When, as ISO 8601 in UTC.
    package var time: String
    package var machine: BenchmarkMachine
    package var method: Method
    package var runtimes: [Runtime]
    /// Runtimes that were named and aren't measured.
    package var leftOut: [LeftOut]
    /// Batch by batch, and runtime by runtime.
    package var results: [Result]
    /// Names of the runtimes that others are measured by.
    package var baselines: [String]
    /// What a reader should know, a line each.
    package var notes: [String]

    /// The result of a runtime at a batch size.
    package func result(_ runtime: String, batch: Int) -> Result? {
        results.first { $0.runtime == runtime && $0.batch == batch }
    }

    /// The batch sizes, ascending.
    package var batchSizes: [Int] { Set(results.map(\.batch)).sorted() }

    /// What users ask for: how many times faster each runtime is than each baseline.
    package var speedups: [Speedup] {
        batchSizes.flatMap { batch in
            runtimes.filter { !baselines.contains($0.name) || baselines.count > 1 }.compactMap { runtime in
                guard let own = result(runtime.name, batch: batch) else { return nil }
                let others = baselines.filter { $0 != runtime.name }.compactMap { result($0, batch: batch) }
                return Speedup(
                    batch: batch, runtime: runtime.name, milliseconds: own.median,
                    baselines: others.map {
                        .init(runtime: $0.runtime, milliseconds: $0.median, factor: $0.median / own.median)
                    })
            }
        }
    }

    /// Decimals that show a measured number with three digits that count.
    package static func decimals(of value: Double) -> Int { SignificantDigits.decimals(of: value) }

    /// Decimals that show how many times faster something is.
    package static func decimals(ofFactor value: Double) -> Int { SignificantDigits.decimals(ofFactor: value) }

    /// A row of the users' table, of medians.
    package struct Speedup: Sendable, Equatable {
        /// One of the runtimes that it is measured by.
        package struct Baseline: Sendable, Equatable {
            /// Its name.
            package let runtime: String
            /// Its time.
            package let milliseconds: Double
            /// How many times faster the row's runtime is.
            package let factor: Double
        }

        /// Faces of a call.
        package let batch: Int
        /// The runtime.
        package let runtime: String
        /// Its time.
        package let milliseconds: Double
        /// What it is measured by.
        package let baselines: [Baseline]
    }
}
