extension Model {
    /// Protobuf readers refuse messages of 2 GiB.
    static let maximumBytes = Int(Int32.max)

    /// Reads the model at `path` through a memory map: weights stay ranges of the file until something changes them.
    ///
    /// Weights in other files are mapped too; those files must lie in the model's folder.
    ///
    /// - Throws: `unreadableFile`, `notONNX` with what the file looks like, `externalData`, or what is wrong with the model
    ///   and where.
    package static func read(path: String) throws(ONNXModelError) -> Model {
        let storage = try ByteStorage.map(path: path)
        do {
            var model = try Model(parsing: ByteSlice(storage))
            try model.resolveExternalElements(folder: FilePath.folder(of: path))
            return model
        } catch {
            throw error.inFile(path)
        }
    }

    /// Reads a model from memory.
    ///
    /// - Throws: as `read(path:)`.
    package static func read(bytes: [UInt8]) throws(ONNXModelError) -> Model {
        guard !bytes.isEmpty else {
            throw ONNXModelError(.notONNX, "there are no bytes", mend: "give the bytes of an .onnx file")
        }
        return try Model(parsing: ByteSlice(ByteStorage(bytes)))
    }

    private init(parsing slice: ByteSlice) throws(ONNXModelError) {
        guard slice.count <= Self.maximumBytes else {
            throw ONNXModelError(
                .tooLarge, "the file has \(slice.count) bytes; ONNX stops at 2 GiB", mend: "this is no face model")
        }
        if let kind = slice.withUnsafeBytes({ FileKind.describe($0) }) {
            throw ONNXModelError(
                .notONNX, "this is \(kind), not an ONNX model", mend: "download or export the .onnx file itself")
        }
        try self.init(WireReader(slice))
    }

    /// The model's bytes, in one allocation of their exact size.
    package func serialized() -> [UInt8] {
        var writer = WireWriter()
        write(&writer)
        return [UInt8](unsafeUninitializedCapacity: writer.count) { buffer, initialized in
            var offset = 0
            func append(_ bytes: UnsafeRawBufferPointer) {
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[offset...])
                    .copyMemory(from: bytes)
                offset += bytes.count
            }
            for segment in writer.segments {
                switch segment {
                case .bytes(let bytes): bytes.withUnsafeBytes(append)
                case .slice(let slice): slice.withUnsafeBytes(append)
                }
            }
            initialized = offset
        }
    }

    /// Writes the model to `path`: streamed, and there complete or not at all.
    ///
    /// - Throws: `unwritableFile` with the system's reason, `tooLarge` beyond 2 GiB.
    package func write(to path: String) throws(ONNXModelError) {
        var writer = WireWriter()
        write(&writer)
        guard writer.count <= Self.maximumBytes else {
            throw ONNXModelError(
                .tooLarge, "the model would have \(writer.count) bytes; ONNX stops at 2 GiB", at: path,
                mend: "this is no face model")
        }
        try AtomicFile.write(path) { (descriptor) throws(ONNXModelError) in
            for segment in writer.segments {
                switch segment {
                case .slice(let slice):
                    try slice.withUnsafeBytes { (bytes) throws(ONNXModelError) in
                        try AtomicFile.writeAll(bytes, to: descriptor, path: path)
                    }
                case .bytes(let bytes):
                    try ByteSlice(ByteStorage(bytes)).withUnsafeBytes { (bytes) throws(ONNXModelError) in
                        try AtomicFile.writeAll(bytes, to: descriptor, path: path)
                    }
                }
            }
        }
    }
}
