extension Model {
    /// Maps the files in `folder` that hold weights, and puts ranges of them in the place of their names.
    ///
    /// - Throws: `externalData` for a name that leaves the folder, a missing file or a range outside of it.
    mutating func resolveExternalElements(folder: String) throws(ONNXModelError) {
        var files = ExternalFiles(folder: folder)
        try graph.resolveExternalElements(&files)
        externalFiles = files.names
    }
}

extension Graph {
    fileprivate mutating func resolveExternalElements(_ files: inout ExternalFiles) throws(ONNXModelError) {
        for place in initializers.indices {
            if let slice = try files.elements(of: initializers[place]) { initializers[place].resolve(slice) }
        }
        for node in nodes.indices {
            for place in nodes[node].attributes.indices {
                switch nodes[node].attributes[place].value {
                case .tensor(var tensor):
                    guard let slice = try files.elements(of: tensor) else { continue }
                    tensor.resolve(slice)
                    nodes[node].attributes[place].value = .tensor(tensor)
                case .graph(var graph):
                    let before = files.resolved
                    try graph.resolveExternalElements(&files)
                    if files.resolved != before { nodes[node].attributes[place].value = .graph(graph) }
                default: continue
                }
            }
        }
    }
}

/// The files beside a model, each mapped once.
private struct ExternalFiles {
    private let folder: String
    private var storages: [String: ByteStorage] = [:]
    /// Tensors that were found.
    private(set) var resolved = 0

    var names: [String] { storages.keys.sorted() }

    init(folder: String) { self.folder = folder }

    /// The bytes of a tensor that lies in a file of its own; nil for others.
    mutating func elements(of tensor: Tensor) throws(ONNXModelError) -> ByteSlice? {
        guard case .external(let external) = tensor.storage else { return nil }
        guard let bits = tensor.type.bits else {
            throw Self.error("\(tensor.type) can't be stored in another file", tensor)
        }
        let storage: ByteStorage
        if let known = storages[external.location] {
            storage = known
        } else {
            do throws(ONNXModelError) {
                storage = try ByteStorage.map(external.location, inside: folder)
            } catch {
                throw Self.error("'\(external.location)': \(error.what)", tensor)
            }
            storages[external.location] = storage
        }
        // The reader has made sure that shapes stay far from 64 bits.
        let expected = (tensor.count * bits + 7) / 8
        guard let range = external.range(expected: expected, size: storage.count) else {
            throw Self.error(
                "'\(external.location)' has \(storage.count) bytes; offset \(external.offset ?? "0") and length "
                    + "\(external.length ?? "(none)") don't give \(tensor.dims) of \(tensor.type)", tensor)
        }
        resolved += 1
        return ByteSlice(storage, offset: range.lowerBound, count: range.count)
    }

    private static func error(_ what: String, _ tensor: Tensor) -> ONNXModelError {
        ONNXModelError(
            .externalData, what, at: "weights of '\(tensor.name)'",
            mend: "put the file that belongs to the model into the model's folder")
    }
}
