/// What a licence's text tells about use for money, as far as that can be told from a name.
package enum LicenseTerms {
    /// Whether a licence says that it is for non-commercial use or research alone: `CC-BY-NC-4.0`, `non-commercial research only`.
    package static func isNonCommercial(_ license: String) -> Bool {
        let words = license.lowercased().split { !$0.isLetter && !$0.isNumber }
        let joined = words.joined(separator: " ")
        return words.contains("nc") || joined.contains("non commercial") || joined.contains("noncommercial")
            || joined.contains("research only") || joined.contains("academic")
    }

    /// Whether a text can be a licence's: 1 to 200 characters on one line.
    package static func isText(_ license: String) -> Bool {
        (1...200).contains(license.count) && !license.contains { $0.isNewline }
            && !license.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
