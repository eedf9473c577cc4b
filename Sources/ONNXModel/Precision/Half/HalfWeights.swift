internal import CONNXModel

/// What a tensor lost when it became float16.
struct HalfLoss: Sendable, Equatable {
    /// The largest finite magnitude.
    var largest: Float = 0
    /// Finite numbers that became infinite.
    var overflowed = 0
    /// Numbers other than zero that became zero.
    var flushed = 0
    /// Root of the summed squares of what was lost, over that of the numbers; 0 for a tensor of zeros.
    var relative = 0.0
}

extension Tensor {
    /// The tensor in float16, rounded to nearest, ties to even.
    ///
    /// - Returns: the tensor, and what it lost.
    /// - Throws: `invalidTensor` if this is no tensor of real numbers, or its bytes don't fit its shape.
    func half(name: String) throws(ONNXModelError) -> (tensor: Tensor, loss: HalfLoss) {
        try validate()
        var loss = HalfLoss()
        let count = count
        func round(_ floats: UnsafeRawBufferPointer) -> ByteStorage {
            ByteStorage(count: count * 2) { halves in
                let target = halves.bindMemory(to: UInt16.self)
                guard let source = floats.baseAddress, let target = target.baseAddress else { return }
                let found = conn_half_from_float(source, count, target)
                loss = HalfLoss(
                    largest: found.largest, overflowed: found.overflowed, flushed: found.flushed,
                    relative: found.squares > 0 ? (found.lost_squares / found.squares).squareRoot() : 0)
            }
        }
        let storage: ByteStorage
        if type == .float, case .raw(let slice) = self.storage {
            storage = slice.withUnsafeBytes(round)
            // The float32 numbers have been read; nobody needs their pages of the file again.
            slice.storage.releasePages()
        } else {
            let values = try floats()
            storage = values.withUnsafeBytes(round)
        }
        return (Tensor(name: name, type: .float16, dims: dims, storage: .raw(ByteSlice(storage))), loss)
    }
}

/// A graph's constants in float16, each rounded once and only when asked for.
struct HalfWeights {
    private let constants: [String: Tensor]
    private var rounded: [String: (tensor: Tensor, loss: HalfLoss)] = [:]

    init(_ graph: Graph) {
        constants = Dictionary(
            graph.initializers.lazy.filter { $0.type == .float }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The float32 constant of that name.
    subscript(name: String) -> Tensor? { constants[name] }

    /// The float32 constant of that name in float16, under its own name; nil if there is none.
    mutating func half(_ name: String) throws(ONNXModelError) -> (tensor: Tensor, loss: HalfLoss)? {
        if let known = rounded[name] { return known }
        guard let tensor = constants[name] else { return nil }
        let made = try tensor.half(name: name)
        rounded[name] = made
        return made
    }
}
