internal import Glibc

/// A moment to the second, written `2026-01-31T12:00:00Z`.
package struct UTCTime: Sendable, Hashable {
    /// Seconds since 1970 began, leap seconds not counted.
    package let seconds: Int64

    /// The moment so many seconds after 1970 began.
    package init(seconds: Int64) { self.seconds = seconds }

    /// This moment.
    package static var now: UTCTime { UTCTime(seconds: Int64(time(nil))) }

    /// Reads what `description` writes; nil for anything else, such as the 30th of February.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 20 else { return nil }
        func number(_ range: Range<Int>) -> Int32 {
            // Letters give some other number, which the comparison below refuses.
            digits[range].reduce(0) { $0 * 10 + Int32($1) - Int32(UInt8(ascii: "0")) }
        }
        var parts = tm()
        parts.tm_year = number(0..<4) - 1900
        parts.tm_mon = number(5..<7) - 1
        parts.tm_mday = number(8..<10)
        parts.tm_hour = number(11..<13)
        parts.tm_min = number(14..<16)
        parts.tm_sec = number(17..<19)
        seconds = Int64(timegm(&parts))
        guard description == text else { return nil }
    }
}

extension UTCTime: CustomStringConvertible {
    package var description: String {
        var moment = time_t(seconds)
        var parts = tm()
        guard gmtime_r(&moment, &parts) != nil else { return "\(seconds) s" }
        var text = [CChar](repeating: 0, count: 40)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension UTCTime: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = UTCTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a time is written like 2026-01-31T12:00:00Z")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
