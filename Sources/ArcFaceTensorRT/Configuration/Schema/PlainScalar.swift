/// What an unquoted YAML scalar spells.
///
/// Booleans and nulls are those of YAML 1.1, which the Python tools of our users read; numbers are those on which YAML
/// 1.1 and 1.2 agree. So `010` (eight in one, ten in the other) and `1:30` (ninety in one) are text here, and a key that
/// wants a number refuses them instead of guessing.
enum PlainScalar: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// Finite or not; integers too large for 64 bits are here as well.
    case number(Double)
    case text(String)

    init(_ text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .boolean(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity)
        case ".nan", ".NaN", ".NAN": self = .number(.nan)
        default: self = PlainScalar.number(in: text) ?? .text(text)
        }
    }

    private static func number(in text: String) -> PlainScalar? {
        guard text.utf8.count <= 64, let shape = NumberShape(text.utf8) else { return nil }
        let digits = String(text.utf8.lazy.filter { $0 != UInt8(ascii: "_") }.map { Character(UnicodeScalar($0)) })
        if shape.isInteger, let value = Int(digits) { return .integer(value) }
        return Double(digits).map(PlainScalar.number)
    }
}

/// Whether bytes are `[-+]digits[.digits][e[-+]digits]`, with underscores between the digits of the whole part.
private struct NumberShape {
    let isInteger: Bool

    init?(_ bytes: String.UTF8View) {
        var rest = bytes[...]
        func digits(allowingUnderscores: Bool = false) -> Substring.UTF8View {
            let run = rest.prefix { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || allowingUnderscores && byte == UInt8(ascii: "_")
            }
            rest = rest.dropFirst(run.count)
            return run
        }
        func drop(_ characters: Unicode.Scalar...) -> Bool {
            guard let first = rest.first, characters.contains(Unicode.Scalar(first)) else { return false }
            rest = rest.dropFirst()
            return true
        }

        _ = drop("-", "+")
        let whole = digits(allowingUnderscores: true)
        let underscore = UInt8(ascii: "_")
        if whole.first == underscore || whole.last == underscore { return nil }
        if whole.count > 1, whole.first == UInt8(ascii: "0") { return nil }
        let hasPoint = drop(".")
        let fraction = hasPoint ? digits() : digits().prefix(0)
        if whole.isEmpty && fraction.isEmpty { return nil }
        let hasExponent = drop("e", "E")
        if hasExponent {
            _ = drop("-", "+")
            if digits().isEmpty { return nil }
        }
        guard rest.isEmpty else { return nil }
        isInteger = !hasPoint && !hasExponent
    }
}
