internal import EngineStore

/// The dates of HTTP's headers: `Wed, 25 Nov 2026 02:11:17 GMT`.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads one; nil for anything else.
    static func parse(_ text: String) -> UTCTime? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            parts[1].count == 2
        else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return UTCTime("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
