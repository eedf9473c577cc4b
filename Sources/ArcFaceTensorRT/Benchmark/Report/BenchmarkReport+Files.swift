import Foundation

extension BenchmarkReport {
    /// One JSON object, keys sorted, in snake case; times in milliseconds, memory in bytes.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // Only strings, numbers that are finite, and lists of them: encoding can't fail, and an empty object would show it.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads what an earlier run wrote.
    ///
    /// - Throws: `ArcFaceError` for a file that is missing or is something else.
    package init(path: String) throws(ArcFaceError) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ArcFaceError(
                .inputMissing, "can't be read", at: path, mend: "name a file that benchmark --json printed")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            self = try decoder.decode(BenchmarkReport.self, from: bytes)
        } catch {
            throw ArcFaceError(
                .invalidInput, "holds no benchmark of this version", at: path,
                mend: "name a file that benchmark --json printed")
        }
        guard format == 1 else {
            throw ArcFaceError(
                .invalidInput, "has form \(format) of benchmark files, and this version reads 1", at: path)
        }
    }

    /// A line for each runtime and batch size, after a line of names; and one with the reason for each that was left out.
    package var csv: String {
        var lines = [
            "runtime,batch,calls,median_ms,mean_ms,min_ms,p90_ms,p95_ms,p99_ms,max_ms,first_ms,faces_per_second,"
                + "h2d_ms,compute_ms,d2h_ms,roofline_percent,left_out"
        ]
        for result in results {
            let times = [
                result.median, result.mean, result.least, result.p90, result.p95, result.p99, result.most, result.first,
                result.facesPerSecond,
            ]
            let others = [result.hostToDevice, result.compute, result.deviceToHost, result.rooflinePercent]
            let fields =
                [Self.field(result.runtime), "\(result.batch)", "\(result.calls)"] + times.map { "\($0)" }
                + others.map { $0.map { "\($0)" } ?? "" } + [""]
            lines.append(fields.joined(separator: ","))
        }
        for runtime in leftOut {
            lines.append(Self.field(runtime.name) + String(repeating: ",", count: 16) + Self.field(runtime.reason))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Quoted where a comma or quote would end it.
    private static func field(_ text: String) -> String {
        text.contains { ",\"".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}

extension BenchmarkRun {
    /// Looks whether files can be written.
    ///
    /// - Throws: `ArcFaceError` with code `outputUnwritable` for the first that can't.
    package static func checkOutputs(_ paths: [String]) throws(ArcFaceError) {
        try OutputFolder.check(for: paths)
    }

    /// Writes a text to a file, which has its old content or all of the new one.
    ///
    /// - Throws: `ArcFaceError`, for example where the disk is full.
    package func write(_ text: String, to path: String) throws(ArcFaceError) {
        // What isn't a file of the disk, such as a pipe, can't be replaced.
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        let place = isSpecial ? path : "\(path).partial"
        do throws(ArcFaceError) {
            let file = try FileWriter(path: place)
            try file.write(text)
            try file.finish()
            guard isSpecial || rename(place, path) == 0 else {
                throw ArcFaceError(.outputUnwritable, "can't be replaced: \(lastSystemError())", at: path)
            }
        } catch {
            if !isSpecial { unlink(place) }
            throw error
        }
    }
}
