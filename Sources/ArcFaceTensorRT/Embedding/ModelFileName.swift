import Foundation

/// What a model's file name says of the model.
package enum ModelFileName {
    /// The name that engines of the model get: the file's without its suffix, with hyphens for what such names can't hold.
    package static func engineName(_ path: String) -> String {
        let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        let plain = stem.unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "._-".unicodeScalars.contains(scalar))
                ? Character(scalar) : "-"
        }
        let name = String(plain.drop { $0 == "." || $0 == "-" }.prefix(128)).replacing("..", with: ".")
        return name.isEmpty ? "model" : name
    }
}
