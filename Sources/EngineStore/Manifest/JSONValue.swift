/// Any JSON value: keeps those fields of a manifest that this version doesn't know.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// What this has and `known` hasn't, object by object: nil if nothing is left over.
    func remainder(besides known: JSONValue) -> JSONValue? {
        guard case .object(let all) = self, case .object(let taken) = known else { return nil }
        var rest: [String: JSONValue] = [:]
        for (key, value) in all {
            if let counterpart = taken[key] {
                rest[key] = value.remainder(besides: counterpart)
            } else {
                rest[key] = value
            }
        }
        return rest.isEmpty ? nil : .object(rest)
    }

    /// This with what only `extra` has put in, object by object.
    func adding(_ extra: JSONValue) -> JSONValue {
        guard case .object(var all) = self, case .object(let more) = extra else { return self }
        for (key, value) in more {
            all[key] = all[key].map { $0.adding(value) } ?? value
        }
        return .object(all)
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
