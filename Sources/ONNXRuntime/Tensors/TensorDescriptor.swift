/// What a model declares of one of its inputs or outputs.
package struct TensorDescriptor: Hashable, Sendable, CustomStringConvertible {
    package enum Dimension: Hashable, Sendable, CustomStringConvertible {
        case value(Int)
        /// Open until run time, with the model's name for it; the name may be empty.
        case symbol(String)

        package var description: String {
            switch self {
            case .value(let value): "\(value)"
            case .symbol(let name): name.isEmpty ? "?" : name
            }
        }
    }

    package var name: String
    package var elementType: TensorElementType
    /// Outermost dimension first; empty for a scalar and for a model that declares no shape.
    package var shape: [Dimension]

    package init(name: String, elementType: TensorElementType, shape: [Dimension]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
    }

    /// Such as `faces: uint8 [N,112,112,3]`.
    package var description: String {
        "\(name): \(elementType) [\(shape.map(\.description).joined(separator: ","))]"
    }

    /// Whether a tensor of this shape may stand here. A declaration without dimensions says nothing and fits all.
    func admits(_ actual: [Int]) -> Bool {
        guard !shape.isEmpty else { return true }
        guard actual.count == shape.count else { return false }
        return zip(shape, actual).allSatisfy { declared, value in
            if case .value(let fixed) = declared { fixed == value } else { true }
        }
    }
}
