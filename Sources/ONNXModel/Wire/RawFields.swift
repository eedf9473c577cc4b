/// Fields kept as they lie in the bytes, tag and all: those that we don't know, and numbers not decoded yet.
package struct RawFields: Sendable {
    /// The fields in file order; neighbours share a slice.
    package private(set) var slices: [ByteSlice] = []

    /// No fields.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { slices.isEmpty }

    /// Size in bytes of all fields.
    package var byteCount: Int { slices.reduce(0) { $0 + $1.count } }

    /// Whether all of them are still pages of a file.
    package var isMapped: Bool { slices.allSatisfy(\.isMapped) }

    /// Adds a field. Neighbours in the file become one slice, so that a million fields cost no million slices.
    mutating func append(_ field: ByteSlice) {
        if let last = slices.last, last.storage === field.storage, last.offset + last.count == field.offset {
            slices[slices.count - 1] = ByteSlice(last.storage, offset: last.offset, count: last.count + field.count)
        } else {
            slices.append(field)
        }
    }
}
