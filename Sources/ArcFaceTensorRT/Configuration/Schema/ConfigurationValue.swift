/// A setting's value without its Swift type: what a table, a YAML file or JSON shows.
public enum ConfigurationValue: Sendable, Equatable {
    /// Not set; what stands in for it is decided where it is used.
    case null
    /// True or false.
    case boolean(Bool)
    /// A whole number.
    case integer(Int)
    /// A finite number.
    case number(Double)
    /// Text.
    case text(String)
    /// Several values of one kind.
    case list([ConfigurationValue])
}

extension ConfigurationValue: Codable {
    /// Reads the JSON value of the same kind.
    ///
    /// - Parameter decoder: Holds null, a boolean, a number, a string or an array of these.
    /// - Throws: `DecodingError` for an object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else {
            self = .list(try container.decode([ConfigurationValue].self))
        }
    }

    /// Writes the JSON value of the same kind.
    ///
    /// - Parameter encoder: Receives one value.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        }
    }
}
