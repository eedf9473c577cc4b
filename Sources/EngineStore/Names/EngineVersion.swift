/// A runtime's version, two to four numbers: `10.8.0.43`. Numbers that one of two versions lacks are not compared.
package struct EngineVersion: Sendable, Hashable {
    /// The numbers, most significant first.
    package let numbers: [Int]

    /// Reads numbers with dots between them; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
        }
        guard (1...4).contains(parts.count), numbers.count == parts.count, numbers.allSatisfy({ $0 <= 999_999 }) else {
            return nil
        }
        self.numbers = numbers
    }

    /// The version with these numbers.
    package init(major: Int, minor: Int, patch: Int, build: Int? = nil) {
        numbers = [major, minor, patch] + (build.map { [$0] } ?? [])
    }

    /// The first number.
    package var major: Int { numbers.first ?? 0 }

    /// Whether no number that both have differs.
    package func agrees(with other: EngineVersion) -> Bool {
        zip(numbers, other.numbers).allSatisfy { $0 == $1 }
    }

    /// Whether the first number that differs is the smaller one here.
    package func isOlder(than other: EngineVersion) -> Bool {
        zip(numbers, other.numbers).first { $0 != $1 }.map { $0 < $1 } ?? false
    }
}

extension EngineVersion: CustomStringConvertible {
    package var description: String { numbers.map(String.init).joined(separator: ".") }
}

extension EngineVersion: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let version = EngineVersion(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a version is numbers with dots")
        }
        self = version
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
