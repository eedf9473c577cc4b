/// The values of a kernel's parameters, in their order. Memory is passed as its address and not kept alive.
package struct KernelArguments: Sendable {
    /// No parameter of a kernel needs more.
    static let alignment = 64

    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []

    package init() {}

    /// Adds a number or a plain struct, laid out as the kernel declares it.
    package mutating func append<Value: BitwiseCopyable>(_ value: Value) {
        append(alignedTo: MemoryLayout<Value>.alignment, bytes: withUnsafeBytes(of: value) { Array($0) })
    }

    /// Adds the address of GPU memory, `offset` bytes into it.
    package mutating func append(_ memory: DeviceMemory, offset: Int = 0) {
        append(memory.address &+ UInt64(bitPattern: Int64(offset)))
    }

    /// Adds a tensor map (`const __grid_constant__ CUtensorMap`).
    package mutating func append(_ map: TensorMap) {
        append(alignedTo: Self.alignment, bytes: map.words.withUnsafeBytes { Array($0) })
    }

    /// Adds one struct of tensor maps and what follows them, aligned as the maps are.
    package mutating func append<Rest: BitwiseCopyable>(_ maps: [TensorMap], followedBy rest: Rest) {
        let words = maps.flatMap { map in map.words.withUnsafeBytes { Array($0) } }
        append(alignedTo: Self.alignment, bytes: words + withUnsafeBytes(of: rest) { Array($0) })
    }

    private mutating func append(alignedTo alignment: Int, bytes value: [UInt8]) {
        let start = (bytes.count + alignment - 1) / alignment * alignment
        bytes += repeatElement(0, count: start - bytes.count)
        bytes += value
        ranges.append(start..<bytes.count)
    }

    /// Calls `body` with one pointer for each parameter.
    func withPointers<Value>(_ body: (UnsafeMutablePointer<UnsafeMutableRawPointer>?) -> Value) -> Value {
        withUnsafeTemporaryAllocation(byteCount: max(bytes.count, 1), alignment: Self.alignment) { storage in
            storage.copyBytes(from: bytes)
            guard let start = storage.baseAddress else { return body(nil) }
            var pointers = ranges.map { start + $0.lowerBound }
            return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
        }
    }
}
