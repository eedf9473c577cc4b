/// The header of NumPy's `.npy` format, version 1.0: magic, length, a Python dictionary padded to 64 bytes.
///
/// Format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
package enum NPYHeader {
    /// The bytes that stand before the data of a C-ordered little-endian array.
    ///
    /// - Parameters:
    ///   - type: NumPy's type string, `<f4` or `<i8`.
    ///   - shape: the array's dimensions.
    /// - Returns: a multiple of 64 bytes.
    package static func bytes(type: String, shape: [Int]) -> [UInt8] {
        let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var dictionary = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(dimensions)), }"
        let prefix = 10
        let unpadded = prefix + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = dictionary.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(dictionary.utf8)
    }
}
