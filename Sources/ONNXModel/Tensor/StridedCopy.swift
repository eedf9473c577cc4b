/// Copies elements of a tensor in another order: transposed, every second one, the same one again and again.
struct StridedCopy {
    /// The shape of the result.
    var dims: [Int]
    /// Elements of the source between neighbours of the result, for each dimension.
    var steps: [Int]
    /// The source's element that comes first.
    var offset = 0

    init(dims: [Int], steps: [Int]) {
        self.dims = dims
        self.steps = steps
    }

    /// Repeats dimensions of size 1; `dims` is what `source` broadcasts to.
    init(broadcasting source: [Int], to dims: [Int]) {
        let missing = dims.count - source.count
        let steps = Self.steps(source)
        self.init(
            dims: dims,
            steps: dims.indices.map { $0 < missing || source[$0 - missing] == 1 ? 0 : steps[$0 - missing] })
    }

    /// Elements between neighbours in row-major order.
    static func steps(_ dims: [Int]) -> [Int] {
        var steps = Array(repeating: 1, count: dims.count)
        for axis in dims.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * max(dims[axis + 1], 1) }
        return steps
    }

    /// The copied tensor, without a name; nil for elements that aren't whole bytes, or damaged ones.
    ///
    /// The caller has checked that every place is inside the source and the size of the result.
    func run(_ source: Tensor) -> Tensor? {
        guard let bytes = source.littleEndianBytes else { return nil }
        let storage: ByteStorage
        switch source.type.byteSize {
        case 1: storage = copy(bytes, UInt8.self)
        case 2: storage = copy(bytes, UInt16.self)
        case 4: storage = copy(bytes, UInt32.self)
        case 8: storage = copy(bytes, UInt64.self)
        default: return nil
        }
        return Tensor(name: "", type: source.type, dims: dims, storage: .raw(ByteSlice(storage)))
    }

    private func copy<Element: FixedWidthInteger>(_ source: ByteSlice, _: Element.Type) -> ByteStorage {
        let size = MemoryLayout<Element>.size
        let count = dims.reduce(1, *)
        return ByteStorage(count: count * size) { target in
            guard count > 0 else { return }
            source.withUnsafeBytes { bytes in
                let (row, rowStep) = (dims.last ?? 1, steps.last ?? 0)
                var place = Array(repeating: 0, count: max(dims.count - 1, 0))
                var start = offset
                for written in stride(from: 0, to: count, by: row) {
                    for column in 0..<row {
                        let element = bytes.loadUnaligned(
                            fromByteOffset: (start + column * rowStep) * size, as: Element.self)
                        target.storeBytes(of: element, toByteOffset: (written + column) * size, as: Element.self)
                    }
                    for axis in place.indices.reversed() {
                        place[axis] += 1
                        start += steps[axis]
                        if place[axis] < dims[axis] { break }
                        start -= place[axis] * steps[axis]
                        place[axis] = 0
                    }
                }
            }
        }
    }
}

extension ElementType {
    /// Bytes of an element; nil for strings, nibbles and types that we don't know.
    var byteSize: Int? { bits.flatMap { $0 % 8 == 0 && $0 <= 64 ? $0 / 8 : nil } }
}

extension Tensor {
    /// The elements as little-endian bytes in row-major order; nil for types without such, and for damaged tensors.
    ///
    /// Copies only what is stored in typed fields.
    package var littleEndianBytes: ByteSlice? {
        guard (try? validate()) != nil, type.byteSize != nil else { return nil }
        switch storage {
        case .raw(let slice): return slice
        case .none: return ByteSlice(ByteStorage([]))
        case .external: return nil
        case .typed:
            if type == .float, let values = try? floats() {
                return Tensor(name: "", dims: dims, floats: values).littleEndianBytes
            }
            if type == .int64, let values = try? int64s() {
                return Tensor(name: "", dims: dims, int64s: values).littleEndianBytes
            }
            return (try? int64s()).flatMap { Tensor.integers(type, dims, $0) }?.littleEndianBytes
        }
    }

    /// A tensor of integers of that type, without a name; nil for other types and for values that it can't hold.
    static func integers(_ type: ElementType, _ dims: [Int], _ values: [Int64]) -> Tensor? {
        func encoded<Element: FixedWidthInteger>(_: Element.Type) -> Tensor? {
            let elements = values.compactMap { Element(exactly: $0) }
            guard elements.count == values.count else { return nil }
            let size = MemoryLayout<Element>.size
            let storage = ByteStorage(count: elements.count * size) { target in
                for (place, element) in elements.enumerated() {
                    target.storeBytes(of: element.littleEndian, toByteOffset: place * size, as: Element.self)
                }
            }
            return Tensor(name: "", type: type, dims: dims, storage: .raw(ByteSlice(storage)))
        }
        switch type {
        case .int64: return encoded(Int64.self)
        case .int32: return encoded(Int32.self)
        case .int16: return encoded(Int16.self)
        case .int8: return encoded(Int8.self)
        case .uint8, .bool: return encoded(UInt8.self)
        case .uint16: return encoded(UInt16.self)
        case .uint32: return encoded(UInt32.self)
        default: return nil
        }
    }
}
