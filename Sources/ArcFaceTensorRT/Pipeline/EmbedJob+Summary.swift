import Foundation

extension EmbedJob.Summary {
    private var seconds: Double {
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    }

    /// One sentence for people.
    package var sentence: String {
        if alreadyComplete { return "\(output): complete already, nothing to do" }
        let rate = seconds > 0 ? String(format: "%.1f", Double(faces) / seconds) : "–"
        let time = String(format: "%.1f", seconds)
        var text = "\(count(faces, "face")) of \(count(done, "input"))"
        if failed > 0 { text += " (\(failed) failed)" }
        let device = backends.count > 1 ? backends.text : "\(information.backend) on \(information.device)"
        text += " in \(time) s, \(rate) faces/s, \(device) → \(output)"
        if leftOutOfReport > 0 { text += "; the report leaves out \(count(leftOutOfReport, "input"))" }
        if isEngineMissing {
            text += "; the engine wasn't ready in time and its build was stopped: `arcface-tensorrt build` builds it"
        }
        if interrupted { text = "stopped at input \(done) of \(inputs); run again with --resume. " + text }
        return text
    }

    /// The summary as one JSON object, keys sorted.
    package var json: String {
        struct Fields: Encodable {
            let output: String
            let inputs: Int
            let done: Int
            let faces: Int
            let failed: Int
            let seconds: Double
            let interrupted: Bool
            let already_complete: Bool
            let backend: String
            let faces_by_backend: [String: Int]
            let runtime_version: String
            let device: String
            let model: String
            let embedding_width: Int
            let precision: String
            let preprocessing: String
        }
        let fields = Fields(
            output: output, inputs: inputs, done: done, faces: faces, failed: failed, seconds: seconds,
            interrupted: interrupted, already_complete: alreadyComplete, backend: information.backend,
            faces_by_backend: Dictionary(backends.map { ($0.backend, $0.faces) }, uniquingKeysWith: +),
            runtime_version: information.runtimeVersion, device: information.device, model: information.modelPath,
            embedding_width: information.embeddingWidth, precision: information.precision.rawValue,
            preprocessing: information.preprocessing)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only strings, numbers and booleans: encoding can't fail, and an empty object would show if it did.
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension [BackendFaces] {
    /// `onnxruntime 120 faces, then tensorrt 380 faces`.
    var text: String {
        map { "\($0.backend) \($0.faces) face\($0.faces == 1 ? "" : "s")" }.joined(separator: ", then ")
    }
}
