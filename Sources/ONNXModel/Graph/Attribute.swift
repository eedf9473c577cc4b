/// A named parameter of a node.
package struct Attribute: Sendable {
    /// The value, by ONNX's attribute types.
    package enum Value: Sendable {
        /// A real number.
        case float(Float)
        /// An integer.
        case int(Int64)
        /// Bytes, mostly text.
        case string([UInt8])
        /// A constant.
        case tensor(Tensor)
        /// A graph run by the node, which may use values of the graphs around it.
        case graph(Graph)
        /// Real numbers.
        case floats([Float])
        /// Integers.
        case ints([Int64])
        /// Byte strings.
        case strings([[UInt8]])
        /// A type that we don't read, by ONNX's number; its content is among the unknown fields.
        case other(Int64)
    }

    /// The attribute's name.
    package var name: String
    /// Its value.
    package var value: Value
    var unknown = RawFields()

    /// An attribute of the given value.
    package init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}
