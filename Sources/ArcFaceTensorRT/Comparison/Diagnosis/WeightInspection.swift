import ONNXModel

/// Weights that aren't numbers.
enum WeightInspection {
    static let kind = "weight-not-finite"
    /// A file that is broken all over need not be listed in full.
    private static let mostFindings = 5

    /// Looks for NaN and infinity in a model's constants.
    ///
    /// - Parameter path: the ONNX file; nil finds nothing.
    /// - Returns: one finding for each such constant, the first few.
    /// - Throws: `ArcFaceError` if the file can't be read.
    static func findings(_ path: String?) throws(ArcFaceError) -> [Diagnosis.Finding] {
        guard let path else { return [] }
        var findings: [Diagnosis.Finding] = []
        do throws(ONNXModelError) {
            for tensor in try Model.read(path: path).graph.initializers where tensor.type.isReal {
                let values = try tensor.floats()
                let nan = values.count { $0.isNaN }
                let infinite = values.count { $0.isInfinite }
                guard nan + infinite > 0 else { continue }
                let what = [nan > 0 ? "\(nan) NaN" : nil, infinite > 0 ? "\(infinite) infinite" : nil]
                    .compactMap { $0 }.joined(separator: " and ")
                findings.append(
                    Diagnosis.Finding(
                        kind: kind,
                        sentence: "the weight '\(tensor.name)' of \(path) holds \(what) of \(values.count) numbers",
                        mend: "export the model again, or fetch the file again: it is damaged"))
                if findings.count == mostFindings { break }
            }
        } catch {
            throw ArcFaceError(error)
        }
        return findings
    }
}

extension ElementType {
    /// Whether elements may be NaN.
    fileprivate var isReal: Bool {
        [.float, .double, .float16, .bfloat16].contains(self)
    }
}
