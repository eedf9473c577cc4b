import FaceImages

/// The lines of `OUT.jsonl`: one object a face, one object a failure.
///
/// Written by hand because a line is made for every face: an encoder that allocates dictionaries would be the slowest part of the output.
enum RowJSON {
    /// A face's line.
    static func line(
        for face: EmbeddedFace, row: Int, number: Int, of result: InputResult, withEmbedding: Bool
    ) -> String {
        var line = "{\"row\":\(row),"
        line += head(result)
        line += ",\"face\":\(number)"
        if let box = face.box {
            line += ",\"box\":" + array([box.x, box.y, box.width, box.height].map { Float($0) })
        }
        if let landmarks = face.landmarks {
            let points = landmarks.points.map { array([Float($0.x), Float($0.y)]) }
            line += ",\"landmarks\":[" + points.joined(separator: ",") + "]"
        }
        if let score = face.score { line += ",\"score\":" + numeral(score) }
        line += ",\"norm\":" + numeral(face.norm)
        if withEmbedding { line += ",\"embedding\":" + array(face.embedding) }
        return line + "}\n"
    }

    /// A failure's line.
    static func line(for failure: InputFailure, of result: InputResult) -> String {
        "{\"row\":null," + head(result) + ",\"code\":\(quoted(failure.code)),\"error\":\(quoted(failure.message))}\n"
    }

    /// The fields that each line of an input begins with; `lines` lets a reader see that none is missing.
    private static func head(_ result: InputResult) -> String {
        let lines = result.faces.count + result.failures.count
        return "\"image\":\(quoted(result.image)),\"image_index\":\(result.index),\"lines\":\(lines)"
    }

    private static func array(_ values: [Float]) -> String {
        "[" + values.map(numeral).joined(separator: ",") + "]"
    }

    private static func numeral(_ value: Float) -> String {
        value.isFinite ? value.description : "null"
    }

    /// A JSON string: quotes, backslashes and control characters escaped (RFC 8259, section 7).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
