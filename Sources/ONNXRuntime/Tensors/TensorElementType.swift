internal import CONNXRuntime

/// The type of a tensor's elements, numbered as in ONNX's `TensorProto.DataType`. Numbers without a name here are kept.
package struct TensorElementType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// What a model declares for a value that isn't a tensor (a sequence, a map).
    package static let none = TensorElementType(rawValue: 0)
    package static let float32 = TensorElementType(rawValue: 1)
    package static let uint8 = TensorElementType(rawValue: 2)
    package static let int8 = TensorElementType(rawValue: 3)
    package static let int32 = TensorElementType(rawValue: 6)
    package static let int64 = TensorElementType(rawValue: 7)
    package static let string = TensorElementType(rawValue: 8)
    package static let bool = TensorElementType(rawValue: 9)
    package static let float16 = TensorElementType(rawValue: 10)
    package static let float64 = TensorElementType(rawValue: 11)
    package static let bfloat16 = TensorElementType(rawValue: 16)

    /// Bytes of one element in memory, or nil where elements aren't plain memory (strings) or are packed.
    package var byteCount: Int? {
        let size = cort_element_size(rawValue)
        return size == 0 ? nil : Int(size)
    }

    package var description: String {
        switch self {
        case .none: "no tensor"
        case .float32: "float32"
        case .uint8: "uint8"
        case .int8: "int8"
        case .int32: "int32"
        case .int64: "int64"
        case .string: "string"
        case .bool: "bool"
        case .float16: "float16"
        case .float64: "float64"
        case .bfloat16: "bfloat16"
        default: "ONNX type \(rawValue)"
        }
    }
}

/// A Swift type whose memory is an ONNX element's memory.
package protocol TensorElement: BitwiseCopyable, SendableMetatype {
    static var elementType: TensorElementType { get }
}

extension Float: TensorElement { package static var elementType: TensorElementType { .float32 } }
extension Double: TensorElement { package static var elementType: TensorElementType { .float64 } }
extension UInt8: TensorElement { package static var elementType: TensorElementType { .uint8 } }
extension Int8: TensorElement { package static var elementType: TensorElementType { .int8 } }
extension Int32: TensorElement { package static var elementType: TensorElementType { .int32 } }
extension Int64: TensorElement { package static var elementType: TensorElementType { .int64 } }
