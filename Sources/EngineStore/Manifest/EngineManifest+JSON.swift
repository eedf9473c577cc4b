internal import Foundation

extension EngineManifest {
    /// More than any manifest needs; what is larger isn't read.
    package static let largestFile = 1 << 20

    /// Reads a manifest's file.
    ///
    /// - Parameters:
    ///   - json: the file's bytes.
    ///   - location: names the file in errors.
    /// - Throws: `manifestMalformed`, or `manifestUnsupported` for a newer format.
    package init(json: [UInt8], location: String) throws(EngineStoreError) {
        let decoder = JSONDecoder()
        let data = Data(json)
        guard let all = try? decoder.decode(JSONValue.self, from: data) else {
            throw Self.malformed("it isn't whole JSON", at: location)
        }
        do {
            // The format comes first: a newer one may be unreadable in any other way.
            if case .object(let fields) = all, case .integer(let format) = fields["format"], format > Self.currentFormat
            {
                throw EngineStoreError(
                    .manifestUnsupported, "the manifest has format \(format), this version reads \(Self.currentFormat)",
                    at: location, mend: "update this software, or build the engine again")
            }
            self = try decoder.decode(EngineManifest.self, from: data)
            let known = try decoder.decode(JSONValue.self, from: JSONEncoder().encode(self))
            unrecognised = all.remainder(besides: known)
        } catch {
            throw Self.failure(error, at: location)
        }
        try validate(at: location)
    }

    /// The file's bytes: sorted keys, two spaces, a line feed at the end. Equal manifests give equal bytes.
    ///
    /// - Throws: `manifestMalformed` if a number isn't finite.
    package func json() throws(EngineStoreError) -> [UInt8] {
        try encoded([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + [UInt8(ascii: "\n")]
    }

    /// What a signature is over: the manifest without its signature, sorted keys, no white space.
    ///
    /// - Throws: `manifestMalformed` if a number isn't finite.
    package func signedBytes() throws(EngineStoreError) -> [UInt8] {
        var unsigned = self
        unsigned.signature = nil
        if case .object(var fields) = unsigned.unrecognised {
            fields["signature"] = nil
            unsigned.unrecognised = .object(fields)
        }
        return try unsigned.encoded([.sortedKeys, .withoutEscapingSlashes])
    }

    private func encoded(_ formatting: JSONEncoder.OutputFormatting) throws(EngineStoreError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = formatting
            var value = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(self))
            if let unrecognised { value = value.adding(unrecognised) }
            return Array(try encoder.encode(value))
        } catch {
            throw Self.failure(error, at: model.name)
        }
    }

    private static func failure(_ error: any Error, at location: String) -> EngineStoreError {
        if let error = error as? EngineStoreError { return error }
        let reason =
            switch error as? DecodingError {
            case .keyNotFound(let key, let context): "`\(path(context, key))` is missing"
            case .typeMismatch(_, let context): "`\(path(context))` is of the wrong kind"
            case .valueNotFound(_, let context): "`\(path(context))` is null"
            case .dataCorrupted(let context) where context.codingPath.isEmpty: "a number doesn't fit its field"
            case .dataCorrupted(let context): "`\(path(context))`: \(context.debugDescription)"
            default: "a value can't be written as JSON"
            }
        return malformed(reason, at: location)
    }

    static func malformed(_ reason: String, at location: String) -> EngineStoreError {
        EngineStoreError(
            .manifestMalformed, "the manifest can't be used: \(reason)", at: location, mend: "build the engine again")
    }

    private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
        (context.codingPath + (key.map { [$0] } ?? [])).map { $0.intValue.map(String.init) ?? $0.stringValue }
            .joined(separator: ".")
    }
}
