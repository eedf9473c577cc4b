/// One dimension of a declared shape.
package struct Dimension: Sendable {
    /// How large the dimension is.
    package enum Size: Sendable, Hashable {
        /// Fixed.
        case value(Int64)
        /// Any size; equal names mean equal sizes.
        case named(String)
        /// Any size.
        case unknown
    }

    /// How large the dimension is.
    package var size: Size
    var unknown = RawFields()

    /// A dimension of the given size.
    package init(_ size: Size) { self.size = size }

    /// The size if it is fixed.
    package var value: Int? {
        if case .value(let value) = size { Int(value) } else { nil }
    }
}

/// A dense tensor's type.
package struct TensorType: Sendable {
    /// The type of the elements.
    package var element: ElementType
    /// The shape, or nil if nothing is known of it.
    package var shape: [Dimension]?
    var shapeUnknown = RawFields()
    var unknown = RawFields()

    /// A type of the given shape.
    package init(_ element: ElementType, _ shape: [Dimension.Size]?) {
        self.element = element
        self.shape = shape?.map { Dimension($0) }
    }

    /// For error messages: `float32 [N,3,112,112]`.
    package var text: String {
        guard let shape else { return "\(element) of unknown shape" }
        let dims = shape.map { dim -> String in
            switch dim.size {
            case .value(let value): "\(value)"
            case .named(let name): name
            case .unknown: "?"
            }
        }
        return "\(element) [\(dims.joined(separator: ","))]"
    }
}

/// A graph's input or output, or what is known of a value inside.
package struct ValueInfo: Sendable {
    /// What kind of value it is.
    package enum Kind: Sendable {
        /// Nothing is said.
        case none
        /// A dense tensor.
        case tensor(TensorType)
        /// A sequence, map, optional or sparse tensor: the field of `TypeProto` as it was.
        case other
    }

    /// The value's name.
    package var name: String
    /// Its type.
    package var kind: Kind
    var typeUnknown = RawFields()
    var unknown = RawFields()

    /// A tensor value.
    package init(_ name: String, _ element: ElementType, _ shape: [Dimension.Size]?) {
        self.init(name: name, kind: .tensor(TensorType(element, shape)))
    }

    init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The tensor type, if the value is a dense tensor.
    package var tensor: TensorType? {
        if case .tensor(let type) = kind { type } else { nil }
    }

    /// For error messages: `'data' float32 [1,3,112,112]`.
    package var text: String { "'\(name)' \(tensor?.text ?? "of no tensor type")" }
}
