/// A benchmark beside an earlier one of the same machine and models.
package struct BenchmarkComparison: Sendable, Equatable {
    /// A runtime at a batch size that both measured. Medians, in milliseconds.
    package struct Row: Sendable, Equatable {
        /// The runtime's name.
        package let runtime: String
        /// Faces of a call.
        package let batch: Int
        /// The earlier median, and the present one.
        package let before, now: Double

        /// Percent that a call takes longer now; negative where it is faster.
        package var change: Double { (now / before - 1) * 100 }
    }

    /// In the order of the present benchmark.
    package let rows: [Row]
    /// What is measured otherwise, a line each.
    package let notes: [String]

    /// Sets medians side by side.
    ///
    /// - Parameters:
    ///   - now: the present benchmark.
    ///   - before: the earlier one.
    ///   - path: its file, for messages.
    /// - Throws: `ArcFaceError` for another machine, another model, or nothing in common.
    package init(_ now: BenchmarkReport, with before: BenchmarkReport, at path: String) throws(ArcFaceError) {
        try Self.check(now.machine, before: before.machine, at: path)
        for runtime in now.runtimes {
            guard let other = before.runtimes.first(where: { $0.name == runtime.name }) else { continue }
            guard runtime.modelDigest == other.modelDigest else {
                throw ArcFaceError(
                    .invalidInput, "\(runtime.name) ran another model there (\(other.model))", at: path,
                    mend: "measure that model again")
            }
        }
        rows = now.results.compactMap { result in
            before.result(result.runtime, batch: result.batch).map {
                Row(runtime: result.runtime, batch: result.batch, before: $0.median, now: result.median)
            }
        }
        guard !rows.isEmpty else {
            throw ArcFaceError(
                .invalidInput, "has no runtime and batch size in common with this benchmark", at: path,
                mend: "it has " + before.runtimes.map(\.name).joined(separator: ", "))
        }
        var notes: [String] = []
        func note(_ what: String, _ old: String, _ new: String) {
            if old != new { notes.append("\(what): \(old) there, \(new) here") }
        }
        note("driver", before.machine.gpu?.driver ?? "none", now.machine.gpu?.driver ?? "none")
        note("faces", before.method.faces, now.method.faces)
        for runtime in now.runtimes {
            if let other = before.runtimes.first(where: { $0.name == runtime.name }) {
                note("\(runtime.name)'s version", other.version, runtime.version)
            }
        }
        self.notes = notes
    }

    /// Refuses an earlier benchmark of another machine, before anything is measured.
    static func check(_ now: BenchmarkMachine, before: BenchmarkMachine, at path: String) throws(ArcFaceError) {
        if let difference = now.difference(from: before) {
            throw ArcFaceError(
                .invalidInput, "was measured on another machine: \(difference)", at: path,
                mend: "compare runs of one machine only")
        }
    }
}
