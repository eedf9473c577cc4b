/// How far a job is, as words.
struct ProgressText: StatusText {
    let done: Int
    let total: Int
    let faces: Int
    let failures: Int
    let elapsed: Duration
    /// Inputs done by this run; a resumed job begins with some done.
    let doneNow: Int

    /// One line for a log file.
    var line: String {
        "\(done)/\(total) inputs, \(faces) faces, \(rate) faces/s" + failed + ", \(timeLeft)"
    }

    /// A bar that fits into `columns`.
    func bar(columns: Int) -> String {
        Self.bar(
            total == 0 ? 1 : Double(done) / Double(total),
            text: " \(done)/\(total)  \(faces) faces  \(rate) faces/s" + failed + "  \(timeLeft)", columns: columns)
    }

    private var failed: String {
        failures == 0 ? "" : "  \(failures) failed"
    }

    private var seconds: Double {
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    }

    private var rate: String {
        seconds > 0 ? decimal(Double(faces) / seconds, digits: 1) : "–"
    }

    private var timeLeft: String {
        guard doneNow > 0, done < total else { return done < total ? "time left unknown" : "finishing" }
        return Self.left(seconds / Double(doneNow) * Double(total - done))
    }
}

/// A number with a fixed count of digits after the point.
func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let whole = Int(scaled) / Int(scale)
    let fraction = String(Int(scaled) % Int(scale))
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let padding = String(repeating: "0", count: max(0, digits - fraction.count))
    return digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(padding)\(fraction)"
}
