/// A constant tensor: a weight, a shape, a scalar. Elements stay encoded until somebody asks for them.
package struct Tensor: Sendable {
    /// Where the elements are.
    package enum Storage: Sendable {
        /// Nowhere: a tensor of no elements.
        case none
        /// Little-endian elements in row-major order.
        case raw(ByteSlice)
        /// One of the typed repeated fields, as it lies in the file.
        case typed(field: Int, RawFields)
        /// In another file beside the model.
        case external(ExternalElements)
    }

    /// The tensor's name in its graph.
    package var name: String
    /// The type of its elements.
    package private(set) var type: ElementType
    /// Its shape; empty for a scalar.
    package private(set) var dims: [Int]
    /// Its elements.
    package private(set) var storage: Storage
    /// Fields that we don't read (documentation, metadata).
    package private(set) var unknown = RawFields()

    init(name: String, type: ElementType, dims: [Int], storage: Storage, unknown: RawFields = RawFields()) {
        self.name = name
        self.type = type
        self.dims = dims
        self.storage = storage
        self.unknown = unknown
    }

    /// A float32 tensor; `values.count` is the product of `dims`.
    package init(name: String, dims: [Int], floats values: [Float]) {
        let storage = ByteStorage(count: values.count * 4) { bytes in
            for (index, value) in values.enumerated() {
                bytes.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
            }
        }
        self.init(name: name, type: .float, dims: dims, storage: .raw(ByteSlice(storage)))
    }

    /// An int64 tensor; `values.count` is the product of `dims`.
    package init(name: String, dims: [Int], int64s values: [Int64]) {
        let storage = ByteStorage(count: values.count * 8) { bytes in
            for (index, value) in values.enumerated() {
                bytes.storeBytes(of: value.littleEndian, toByteOffset: index * 8, as: Int64.self)
            }
        }
        self.init(name: name, type: .int64, dims: dims, storage: .raw(ByteSlice(storage)))
    }

    /// The number of elements, the product of `dims`. Readers have checked that it doesn't overflow.
    package var count: Int { dims.reduce(1, *) }

    /// Whether the elements are still pages of the file that the model was read from.
    package var isMapped: Bool {
        switch storage {
        case .raw(let slice): slice.isMapped
        case .typed(_, let fields): fields.isMapped
        case .none, .external: false
        }
    }

    /// Puts the elements of another file in place of where they are.
    mutating func resolve(_ slice: ByteSlice) { storage = .raw(slice) }

    /// The same elements under another shape of the same count; nothing is copied.
    package func reshaped(_ dims: [Int], name: String) -> Tensor {
        var copy = self
        copy.dims = dims
        copy.name = name
        return copy
    }
}
