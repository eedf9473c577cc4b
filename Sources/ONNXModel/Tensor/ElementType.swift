/// The type of a tensor's elements, by ONNX's number. Numbers that we don't know survive.
package struct ElementType: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// ONNX's number for the type.
    package let rawValue: Int32

    /// Any number, known or not.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// No type given.
    package static let undefined = ElementType(rawValue: 0)
    /// IEEE single precision.
    package static let float = ElementType(rawValue: 1)
    /// Unsigned bytes.
    package static let uint8 = ElementType(rawValue: 2)
    /// Signed bytes.
    package static let int8 = ElementType(rawValue: 3)
    /// Unsigned 16-bit integers.
    package static let uint16 = ElementType(rawValue: 4)
    /// Signed 16-bit integers.
    package static let int16 = ElementType(rawValue: 5)
    /// Signed 32-bit integers.
    package static let int32 = ElementType(rawValue: 6)
    /// Signed 64-bit integers.
    package static let int64 = ElementType(rawValue: 7)
    /// Byte strings.
    package static let string = ElementType(rawValue: 8)
    /// One byte each, 0 or 1.
    package static let bool = ElementType(rawValue: 9)
    /// IEEE half precision.
    package static let float16 = ElementType(rawValue: 10)
    /// IEEE double precision.
    package static let double = ElementType(rawValue: 11)
    /// Unsigned 32-bit integers.
    package static let uint32 = ElementType(rawValue: 12)
    /// Unsigned 64-bit integers.
    package static let uint64 = ElementType(rawValue: 13)
    /// The upper half of a single.
    package static let bfloat16 = ElementType(rawValue: 16)
    /// Unsigned nibbles, two a byte, low one first.
    package static let uint4 = ElementType(rawValue: 21)
    /// Signed nibbles, two a byte, low one first.
    package static let int4 = ElementType(rawValue: 22)

    private static let known: [Int32: (name: String, bits: Int)] = [
        1: ("float32", 32), 2: ("uint8", 8), 3: ("int8", 8), 4: ("uint16", 16), 5: ("int16", 16), 6: ("int32", 32),
        7: ("int64", 64), 9: ("bool", 8), 10: ("float16", 16), 11: ("float64", 64), 12: ("uint32", 32),
        13: ("uint64", 64), 14: ("complex64", 64), 15: ("complex128", 128), 16: ("bfloat16", 16),
        17: ("float8e4m3fn", 8), 18: ("float8e4m3fnuz", 8), 19: ("float8e5m2", 8), 20: ("float8e5m2fnuz", 8),
        21: ("uint4", 4), 22: ("int4", 4), 23: ("float4e2m1", 4), 24: ("float8e8m0", 8),
    ]

    /// Bits of an element in `raw_data`; nil for strings and types that we don't know.
    package var bits: Int? { Self.known[rawValue]?.bits }

    /// The type's name as NumPy spells it.
    package var description: String {
        self == .string ? "string" : Self.known[rawValue]?.name ?? "element type \(rawValue)"
    }
}
