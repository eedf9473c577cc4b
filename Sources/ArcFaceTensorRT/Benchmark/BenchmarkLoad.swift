import Digests

/// A runtime that is loaded for a benchmark.
struct BenchmarkLoad: Sendable {
    let name: NamedRuntime
    let loaded: LoadedRuntime
    /// How long that took.
    let seconds: Double
}

/// What is known of model files: several runtimes run one, and reading hundreds of megabytes once is enough.
struct BenchmarkModels {
    private var digests: [String: String] = [:]
    private var reports: [String: ModelReport] = [:]

    /// SHA-256 of a file, in hexadecimal digits.
    ///
    /// - Throws: `ArcFaceError` with code `modelMissing`.
    mutating func digest(of path: String) throws(ArcFaceError) -> String {
        if let known = digests[path] { return known }
        do throws(DigestError) {
            let digest = try Digest.of(file: path).description
            digests[path] = digest
            return digest
        } catch {
            throw ArcFaceError(.modelMissing, error.what, at: error.location, mend: error.mend)
        }
    }

    /// Operations and weights of an ONNX file.
    mutating func report(of path: String) throws(ArcFaceError) -> ModelReport {
        if let known = reports[path] { return known }
        let report = try ModelReport(path: path)
        reports[path] = report
        return report
    }
}
