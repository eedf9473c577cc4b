import Signatures

extension ConfigurationRule where Value == String {
    /// Text without control characters, at most 4096 bytes. Nothing at all means that the key isn't set.
    static var text: Self { text(type: "text", wanted: "text") { _ in nil } }

    /// The path of a file or folder.
    static var path: Self { text(type: "path", wanted: "a path") { _ in nil } }

    /// A name that is safe as a part of a file name.
    static var fileNamePart: Self {
        let allowed = "of letters, digits, dots, hyphens and underscores"
        return text(type: "name", allowed: allowed, wanted: "a name \(allowed)") { value in
            let plain = value.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    || "._-".unicodeScalars.contains(scalar)
            }
            if plain, value.utf8.count <= 128, !value.hasPrefix("."), !value.hasPrefix("-") { return nil }
            return "1 to 128 of these, not starting with a dot or a hyphen: it becomes part of a file name"
        }
    }

    /// The address of a web server.
    static var webAddress: Self {
        let allowed = "starting with http:// or https://"
        return text(type: "address", allowed: allowed, wanted: "an address \(allowed)") { value in
            for scheme in ["http://", "https://"] where value.hasPrefix(scheme) && value.count > scheme.count {
                return nil
            }
            return "write it like https://s3.example.com:9000"
        }
    }

    /// An Ed25519 public key as `engines keygen` prints it.
    static var publicKey: Self {
        let allowed = "of the form ed25519:…"
        return text(
            type: "public key", allowed: allowed, wanted: "a public key \(allowed)",
            isSecret: { $0.hasPrefix(SigningKey.prefix) }
        ) { value in
            if value.hasPrefix(SigningKey.prefix) {
                return "this is a private key: take it out of here, and make a new one"
            }
            return VerificationKey(text: value) == nil ? "copy the line that `engines keygen` prints" : nil
        }
    }

    /// Text that `mend` finds nothing to say about.
    private static func text(
        type: String, allowed: String = "", wanted: String,
        isSecret: @escaping @Sendable (String) -> Bool = { _ in false },
        mend: @escaping @Sendable (String) -> String?
    ) -> Self {
        return Self(
            type: type, allowed: allowed,
            read: { raw throws(ValueProblem) in
                switch raw.content {
                case .argument(let text), .quoted(let text): return text
                case .plain, .list, .mapping, .tagged:
                    guard case .text(let text) = raw.spelled else {
                        throw .wrongType(raw, wanted: wanted, mend: "put it in quotes if it is meant")
                    }
                    return text
                }
            },
            check: { value, line throws(ValueProblem) in
                let shown = isSecret(value) ? "a secret" : value.quotedForMessage
                if value.isEmpty || value.utf8.count > 4096 {
                    throw .impossible(shown, wanted: "1 to 4096 bytes", mend: "shorten it, or leave it out", line: line)
                }
                if value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                    throw .impossible(
                        shown, wanted: "\(wanted) without control characters", mend: "retype it", line: line)
                }
                if let mend = mend(value) { throw .impossible(shown, wanted: wanted, mend: mend, line: line) }
            },
            show: { .text($0) })
    }
}
