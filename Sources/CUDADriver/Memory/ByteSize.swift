/// A number of bytes for messages, in binary units.
package struct ByteSize: Sendable, Equatable, CustomStringConvertible {
    package var bytes: Int

    package init(_ bytes: Int) {
        self.bytes = bytes
    }

    /// `512 bytes`, `1.5 KiB`, `12.0 GiB`: one decimal, rounded down.
    package var description: String {
        guard bytes >= 1024 else { return "\(bytes) bytes" }
        var (unit, scale) = (0, 1024)
        while unit < 3, bytes / scale >= 1024 { (unit, scale) = (unit + 1, scale * 1024) }
        return "\(bytes / scale).\(bytes % scale * 10 / scale) \(["KiB", "MiB", "GiB", "TiB"][unit])"
    }
}
