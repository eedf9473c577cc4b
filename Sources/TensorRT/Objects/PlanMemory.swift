internal import CTensorRT

/// Bytes that TensorRT allocated, such as a plan, and that are freed with the last reference. They never change.
package final class PlanMemory: Sendable {
    private let object: TensorRTObject
    private nonisolated(unsafe) let start: UnsafeRawPointer
    /// How many bytes there are; never 0.
    package let count: Int

    /// - Parameter object: host memory.
    /// - Throws: `TensorRTError` when its size or address can't be had.
    init(_ object: TensorRTObject) throws(TensorRTError) {
        let interface = object.interface
        let size = try interface.call("can't read TensorRT's memory") { trt_memory_size($0, object.pointer, $1) }
        let data = try interface.call("can't read TensorRT's memory") { trt_memory_data($0, object.pointer, $1) }
        self.object = object
        start = try interface.known(data, "can't read TensorRT's memory")
        count = Int(size)
    }

    /// Lends the bytes, which are valid during the call only.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(object) { try body(UnsafeRawBufferPointer(start: start, count: count)) }
    }

    /// A copy of the bytes.
    package var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
