/// A number with three digits that count: `0.0123`, `1.23e-05`.
func brief(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.995 {
        mantissa /= 10
        exponent += 1
    }
    while mantissa < 0.9995 {
        mantissa *= 10
        exponent -= 1
    }
    let sign = value < 0 ? "-" : ""
    if (-4..<6).contains(exponent) { return sign + decimal(abs(value), digits: max(0, 2 - exponent)) }
    return "\(sign)\(decimal(mantissa, digits: 2))e\(exponent)"
}

/// `text` padded to `width` on the left, on the right if `width` is negative.
func pad(_ text: String, _ width: Int) -> String {
    let padding = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? text + padding : padding + text
}

func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
}
