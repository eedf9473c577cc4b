/// How far something is, as words.
protocol StatusText {
    /// One line for a log file.
    var line: String { get }

    /// A bar that fits into `columns`.
    func bar(columns: Int) -> String
}

extension StatusText {
    /// Blocks for the part that is done, 0…1, and a text that begins with a space; the text alone where there is no room.
    static func bar(_ fraction: Double, text: String, columns: Int) -> String {
        let width = min(30, columns - text.count - 3)
        guard width >= 5 else { return String(text.dropFirst().prefix(max(0, columns - 1))) }
        let filled = Int(max(0, min(1, fraction)) * Double(width))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled) + text
    }

    /// `3 min 20 s left`, rounded up.
    static func left(_ seconds: Double) -> String {
        let left = Int(seconds.rounded(.up))
        let (hours, minutes, rest) = (left / 3600, left / 60 % 60, left % 60)
        if hours > 0 { return "\(hours) h \(minutes) min left" }
        return minutes > 0 ? "\(minutes) min \(rest) s left" : "\(rest) s left"
    }
}
