/// How many turns of a measurement are done, as words.
struct TurnsText: StatusText {
    let done: Int
    let total: Int
    let elapsed: Duration

    var line: String { "\(done)/\(total) turns, \(timeLeft)" }

    func bar(columns: Int) -> String {
        Self.bar(Double(done) / Double(max(total, 1)), text: " \(done)/\(total) turns  \(timeLeft)", columns: columns)
    }

    private var timeLeft: String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        return Self.left(seconds / Double(max(done, 1)) * Double(total - done))
    }
}
