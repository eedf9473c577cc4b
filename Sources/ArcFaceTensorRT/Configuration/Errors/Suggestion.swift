/// Finds what somebody meant to write.
enum Suggestion {
    /// The candidate that takes the fewest edits, if they are few enough to be a slip: a third of the word.
    ///
    /// Case doesn't count, nor whether words are joined by hyphens or underscores. Words of more than 64 characters
    /// have no suggestion.
    static func nearest(to word: some StringProtocol, in candidates: some Sequence<String>) -> String? {
        let wanted = folded(word)
        guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
        var best: (candidate: String, edits: Int)?
        for candidate in candidates {
            let edits = distance(wanted, folded(candidate))
            if edits <= max(1, wanted.count / 3), edits < best?.edits ?? .max { best = (candidate, edits) }
        }
        return best?.candidate
    }

    private static func folded(_ word: some StringProtocol) -> [Character] {
        word.lowercased().map { $0 == "-" ? "_" : $0 }
    }

    /// The optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var edits = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, beforeLast[j - 1] + 1) }
                row.append(edits)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
