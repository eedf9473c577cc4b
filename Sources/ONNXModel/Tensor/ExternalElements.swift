/// Where a tensor's elements are that lie in a file of their own.
package struct ExternalElements: Sendable {
    /// Path of the file, relative to the model's folder.
    package internal(set) var location = ""
    /// Offset of the first byte, as the file says it.
    var offset: String?
    /// Bytes of the elements, as the file says it.
    var length: String?
    /// The fields as they lie in the model.
    var fields = RawFields()

    /// Elements of the whole file at `location`.
    package init(location: String = "") { self.location = location }

    /// Takes one of the entries in; others (checksums) are left alone.
    mutating func set(_ entry: (key: String, value: String)) {
        switch entry.key {
        case "location": location = entry.value
        case "offset": offset = entry.value
        case "length": length = entry.value
        default: break
        }
    }

    /// The range of the elements in a file of `size` bytes.
    ///
    /// - Parameters:
    ///   - expected: bytes of the tensor.
    ///   - size: bytes of the file.
    /// - Returns: nil if an entry is no number or leaves the file or doesn't fit the tensor.
    func range(expected: Int, size: Int) -> Range<Int>? {
        guard let start = offset.map({ Int($0) }) ?? 0, let count = length.map({ Int($0) }) ?? expected,
            start >= 0, count == expected, start <= size, count <= size - start
        else { return nil }
        return start..<start + count
    }
}
