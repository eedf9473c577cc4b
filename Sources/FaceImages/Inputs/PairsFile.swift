/// Pairs of faces for verification, as a text file lists them.
///
/// Two forms:
/// - that of Labeled Faces in the Wild: a first line `FOLDS N` or `N`, then for each fold N lines `PERSON A B` (two photos of
///   one person) and N lines `PERSON A OTHER B`; photo A of a person is called `PERSON_000A`;
/// - a pair a line: `A B 1` or `1 A B`, where A and B are photos and the number is 1 for one person, 0 for two.
///
/// Fields are separated by tabs, by commas, or else by spaces. Blank lines and lines that start with `#` are skipped.
package struct PairsFile: Sendable, Equatable {
    /// Two faces, by their places in `faces`.
    package struct Pair: Sendable, Equatable {
        /// The one in the gallery, which is named first.
        package let gallery: Int
        /// The one that is looked for in the gallery.
        package let probe: Int
        /// Whether both are of one person.
        package let isSame: Bool
        /// The fold, 0 ..< `foldCount`.
        package let fold: Int
    }

    /// Names of the photos, each once, in the order in which they are named first.
    package private(set) var faces: [String] = []
    /// All pairs, in the file's order.
    package private(set) var pairs: [Pair] = []
    /// Folds; where the file has none, pairs of each kind are dealt to `dealtFolds` by turns.
    package private(set) var foldCount = 0
    private var places: [String: Int] = [:]

    /// Folds of a file that names none.
    package static let dealtFolds = 10

    /// Reads the file at `path`.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - folds: deals the pairs to so many folds, 2 or more, whatever the file says.
    /// - Returns: the pairs, each in a fold.
    /// - Throws: `.notFound`, `.unreadable`, `.empty`, or `.malformed` with the line.
    package static func read(_ path: PhotoPath, folds: Int? = nil) throws(FaceImageError) -> PairsFile {
        var file = PairsFile()
        var buffer = FileBuffer()
        do throws(FaceImageError) {
            try buffer.withContents(of: path, maxBytes: PhotoList.maxListBytes) { (bytes) throws(FaceImageError) in
                try file.add(bytes)
            }
        } catch {
            throw error.at(path)
        }
        guard !file.pairs.isEmpty else {
            throw FaceImageError(
                .empty, what: "no pairs in this file", path: path.description,
                mend: "write one pair a line: A B 1 for one person, A B 0 for two")
        }
        if let folds { file.deal(to: folds) } else if file.foldCount < 2 { file.deal(to: dealtFolds) }
        return file
    }

    private mutating func add(_ text: UnsafeRawBufferPointer) throws(FaceImageError) {
        var counting: PairsCounting?
        var isFirst = true
        for (number, line) in TextLines(text) where line.first != UInt8(ascii: "#") {
            let fields = PairsLine.fields(line)
            do throws(FaceImageError) {
                if isFirst, let header = try PairsCounting(header: fields) {
                    counting = header
                } else if let expected = try counting?.next() {
                    add(try PairsLine(person: fields, isSame: expected.isSame), fold: expected.fold)
                } else {
                    add(try PairsLine(photos: fields), fold: 0)
                }
            } catch {
                var error = error
                error.line = number
                throw error
            }
            isFirst = false
        }
        if let counting {
            try counting.finish()
            foldCount = counting.foldCount
        }
    }

    private mutating func add(_ line: PairsLine, fold: Int) {
        pairs.append(
            Pair(gallery: place(of: line.first), probe: place(of: line.second), isSame: line.isSame, fold: fold))
    }

    private mutating func place(of face: String) -> Int {
        if let place = places[face] { return place }
        places[face] = faces.count
        faces.append(face)
        return faces.count - 1
    }

    /// Gives each fold as many pairs of each kind as any other, but one.
    private mutating func deal(to folds: Int) {
        var next = [false: 0, true: 0]
        pairs = pairs.map { pair in
            let turn = next[pair.isSame, default: 0]
            next[pair.isSame] = turn + 1
            return Pair(gallery: pair.gallery, probe: pair.probe, isSame: pair.isSame, fold: turn % folds)
        }
        // A few pairs don't fill so many folds.
        foldCount = min(folds, max(next[true] ?? 0, next[false] ?? 0))
    }
}

/// The order of the lines that the first line of an LFW file promises.
private struct PairsCounting {
    let foldCount: Int
    private let pairsOfAKind: Int
    private var seen = 0

    /// nil unless the line is one or two numbers. Throws `.malformed` for numbers that make no sense.
    init?(header fields: [String]) throws(FaceImageError) {
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == fields.count, (1...2).contains(numbers.count) else { return nil }
        let folds = numbers.count == 2 ? numbers[0] : 1
        guard let pairs = numbers.last, (1...1_000).contains(folds), (1...100_000_000).contains(pairs) else {
            throw FaceImageError(
                .malformed, what: "\(fields.joined(separator: " ")) is no number of folds and of pairs a fold",
                mend: "write FOLDS N, such as 10 300")
        }
        foldCount = folds
        pairsOfAKind = pairs
    }

    private var expected: Int { 2 * foldCount * pairsOfAKind }

    /// What the next line holds.
    mutating func next() throws(FaceImageError) -> (fold: Int, isSame: Bool) {
        guard seen < expected else { throw wrongCount("more") }
        defer { seen += 1 }
        let (fold, rest) = seen.quotientAndRemainder(dividingBy: 2 * pairsOfAKind)
        return (fold, rest < pairsOfAKind)
    }

    func finish() throws(FaceImageError) {
        guard seen == expected else { throw wrongCount("only \(seen)") }
    }

    private func wrongCount(_ found: String) -> FaceImageError {
        FaceImageError(
            .malformed, what: "the first line promises \(expected) pairs, and there are \(found)",
            mend: "correct the first line: FOLDS N, for N pairs of one person and N of two in each fold")
    }
}
