extension ConfigurationValue {
    /// The value as YAML on one line, which reads back as the same value.
    var yaml: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): Self.scalar(value)
        case .list(let values): "[\(values.map(\.yaml).joined(separator: ", "))]"
        }
    }

    /// Text as it is where YAML takes it for text, else in double quotes.
    private static func scalar(_ text: String) -> String {
        let safe = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "_/.+-".unicodeScalars.contains(scalar)
        }
        let startsSafely = text.first.map { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "_" } ?? false
        if safe, startsSafely, case .text = PlainScalar(text) { return text }
        return "\"\(text.unicodeScalars.map(escaped).joined())\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case " "..."~": return String(scalar)
        default:
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil { return String(scalar) }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
    }
}
