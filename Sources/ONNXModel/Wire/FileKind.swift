/// A guess at what a file is that is no ONNX model, from its first bytes.
enum FileKind {
    /// A description for an error message, or nil if the bytes could be an ONNX model.
    ///
    /// A serialised `ModelProto` starts with the tag of one of its fields; none of the signatures here does.
    static func describe(_ start: UnsafeRawBufferPointer) -> String? {
        let head = start.prefix(512)
        func begins(_ signature: [UInt8]) -> Bool { head.starts(with: signature) }
        func begins(_ text: String) -> Bool { head.starts(with: text.utf8) }

        if begins("version https://git-lfs") { return "a git-lfs pointer, not the file itself" }
        if begins([0x50, 0x4b, 0x03, 0x04]) { return "a zip archive (or a PyTorch checkpoint)" }
        if begins([0x1f, 0x8b]) { return "a gzip archive" }
        if begins([0x89, 0x48, 0x44, 0x46]) { return "an HDF5 file (Keras weights)" }
        if begins([0x80, 0x02]) || begins([0x80, 0x04]) || begins([0x80, 0x05]) { return "a Python pickle" }
        if begins("GGUF") { return "a GGUF file" }
        if begins("%PDF") { return "a PDF document" }
        if begins([0xff, 0xd8, 0xff]) { return "a JPEG photo" }
        if begins([0x89, 0x50, 0x4e, 0x47]) { return "a PNG image" }
        if begins([0x7f, 0x45, 0x4c, 0x46]) { return "an ELF program or library" }
        if head.count > 8, head.dropFirst(4).starts(with: "TFL3".utf8) { return "a TensorFlow Lite model" }
        if head.count > 8, head.dropFirst(4).starts(with: "ORTM".utf8) { return "an ORT-format model, not ONNX" }
        return describeText(Array(head))
    }

    private static func describeText(_ head: [UInt8]) -> String? {
        // A ModelProto's first bytes hold control characters (tags and lengths); text has none but white space.
        guard head.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || (9...13).contains($0) }) else { return nil }
        let text = String(decoding: head, as: UTF8.self).drop(while: \.isWhitespace).lowercased()
        if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") || text.hasPrefix("<head") {
            return "an HTML page (a failed download?)"
        }
        if text.hasPrefix("<") { return "an XML or HTML text" }
        if text.hasPrefix("{") || text.hasPrefix("[") { return "a JSON text" }
        return "a text file"
    }
}
