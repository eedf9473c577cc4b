/// One line of a file of pairs.
struct PairsLine: Equatable {
    let first: String
    let second: String
    let isSame: Bool

    /// The fields between tabs; where there are none, between commas; else between spaces. Without spaces around.
    static func fields(_ line: Slice<UnsafeRawBufferPointer>) -> [String] {
        let separators: [UInt8] = [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: " ")]
        let separator = separators.first(where: line.contains) ?? UInt8(ascii: " ")
        return line.split(separator: separator).map { field in
            String(decoding: field, as: UTF8.self).trimmed
        }.filter { !$0.isEmpty }
    }

    /// `PERSON A B` or `PERSON A OTHER B`. Throws `.malformed`, also where the other kind of pair is due.
    init(person fields: [String], isSame: Bool) throws(FaceImageError) {
        let usual = isSame ? "PERSON A B, two photos of one person" : "PERSON A OTHER B, photos of two people"
        guard fields.count == (isSame ? 3 : 4), let left = Int(fields[1]), let right = Int(fields[isSame ? 2 : 3]),
            left >= 0, right >= 0
        else {
            throw FaceImageError(
                .malformed, what: "'\(fields.joined(separator: " "))' where a line \(usual), is due",
                mend: "correct the line, or the numbers of folds and pairs in the first line")
        }
        first = Self.photo(left, of: fields[0])
        second = Self.photo(right, of: isSame ? fields[0] : fields[2])
        self.isSame = isSame
    }

    /// `A B 1` or `1 A B`. Throws `.malformed`.
    init(photos fields: [String]) throws(FaceImageError) {
        func label(_ field: String) -> Bool? { field == "1" ? true : field == "0" ? false : nil }
        if fields.count == 3, let isSame = label(fields[2]) {
            (first, second, self.isSame) = (fields[0], fields[1], isSame)
        } else if fields.count == 3, let isSame = label(fields[0]) {
            (first, second, self.isSame) = (fields[1], fields[2], isSame)
        } else {
            throw FaceImageError(
                .malformed, what: "'\(fields.joined(separator: " "))' names no pair",
                mend: "write A B 1 for one person, A B 0 for two; separate by tabs where names hold spaces")
        }
    }

    private static func photo(_ number: Int, of person: String) -> String {
        let digits = "\(number)"
        return person + "_" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension String {
    fileprivate var trimmed: String {
        let scalars = unicodeScalars.drop { $0 == " " || $0 == "\t" }
        return String(String(scalars).reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
