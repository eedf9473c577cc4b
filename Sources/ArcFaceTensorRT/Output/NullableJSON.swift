/// A value that is written as null if there is none, where `Optional` would leave its key out.
struct Nullable<Value: Encodable>: Encodable {
    let value: Value?

    init(_ value: Value?) {
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}

/// A number, or null if it isn't finite: JSON has no other way to say so.
func finite(_ value: Double) -> Nullable<Double> {
    Nullable(value.isFinite ? value : nil)
}
