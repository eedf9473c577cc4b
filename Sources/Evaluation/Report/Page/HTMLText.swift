/// Text and numbers as they may stand in a page.
enum HTMLText {
    /// Makes any text safe between tags and inside quoted attributes. Control characters become spaces.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A number with so many decimals and a real minus sign; a dash for what isn't finite.
    static func number(_ value: Double, decimals: Int) -> String {
        guard let digits = plain(value, decimals: decimals) else { return "–" }
        return digits.hasPrefix("-") ? "−" + digits.dropFirst() : digits
    }

    /// A coordinate for SVG and CSS, rounded to a tenth; zero for what isn't finite.
    static func coordinate(_ value: Double) -> String {
        plain(value, decimals: 1) ?? "0"
    }

    private static func plain(_ value: Double, decimals: Int) -> String? {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard let whole = Int(exactly: scaled), whole != .min else { return nil }
        let digits = String(abs(whole))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = whole < 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
