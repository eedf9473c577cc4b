/// One field of a protobuf message as it lies in the bytes.
struct WireField {
    /// What the wire type says about the value.
    enum Payload {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        /// Length-delimited: text, bytes, a message or packed numbers, at an absolute offset.
        case bytes(offset: Int, count: Int)
    }

    /// The field's number in its message.
    let number: Int
    /// Its value.
    let payload: Payload
    /// Absolute offset of the tag.
    let start: Int
    /// Absolute offset behind the value.
    let end: Int
}
