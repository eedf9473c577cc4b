internal import CCUDADriver

// Offsets and counts are in bytes and checked. Memory must not be touched otherwise until the stream has come past the
// copy.
extension CUDAStream {
    /// Puts a copy from pinned host memory to the GPU on the stream.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the driver refuses.
    package func copy(
        _ byteCount: Int, from source: PinnedMemory, sourceOffset: Int = 0, to target: DeviceMemory,
        targetOffset: Int = 0
    ) throws(CUDAError) {
        try check(sourceOffset, byteCount, within: source.byteCount)
        let address = try self.address(of: target, at: targetOffset, byteCount)
        guard byteCount > 0, let start = source.bytes.baseAddress else { return }
        try context.call("cuMemcpyHtoDAsync_v2", "can't copy \(ByteSize(byteCount)) to the GPU") {
            ccu_copy_to_device($0, address, start + sourceOffset, byteCount, handle)
        }
    }

    /// Puts a copy from the GPU to pinned host memory on the stream.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the driver refuses.
    package func copy(
        _ byteCount: Int, from source: DeviceMemory, sourceOffset: Int = 0, to target: PinnedMemory,
        targetOffset: Int = 0
    ) throws(CUDAError) {
        try check(targetOffset, byteCount, within: target.byteCount)
        let address = try self.address(of: source, at: sourceOffset, byteCount)
        guard byteCount > 0, let start = target.bytes.baseAddress else { return }
        try context.call("cuMemcpyDtoHAsync_v2", "can't copy \(ByteSize(byteCount)) from the GPU") {
            ccu_copy_to_host($0, start + targetOffset, address, byteCount, handle)
        }
    }

    /// Puts a copy within the GPU's memory on the stream.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the driver refuses.
    package func copy(
        _ byteCount: Int, from source: DeviceMemory, sourceOffset: Int = 0, to target: DeviceMemory,
        targetOffset: Int = 0
    ) throws(CUDAError) {
        let from = try address(of: source, at: sourceOffset, byteCount)
        let to = try address(of: target, at: targetOffset, byteCount)
        guard byteCount > 0 else { return }
        try context.call("cuMemcpyDtoDAsync_v2", "can't copy \(ByteSize(byteCount)) on the GPU") {
            ccu_copy_on_device($0, to, from, byteCount, handle)
        }
    }

    /// Puts a fill of GPU memory on the stream.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the driver refuses.
    package func fill(
        _ target: DeviceMemory, at offset: Int = 0, byteCount: Int, with value: UInt8
    ) throws(CUDAError) {
        let address = try self.address(of: target, at: offset, byteCount)
        guard byteCount > 0 else { return }
        try context.call("cuMemsetD8Async", "can't fill \(ByteSize(byteCount)) on the GPU") {
            ccu_fill_bytes($0, address, value, byteCount, handle)
        }
    }

    /// Copies ordinary host memory to the GPU and waits for it: for weights and the like, not for every batch.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the work failed.
    package func upload(
        _ source: UnsafeRawBufferPointer, to target: DeviceMemory, at offset: Int = 0
    ) throws(CUDAError) {
        let address = try self.address(of: target, at: offset, source.count)
        guard let start = source.baseAddress, !source.isEmpty else { return }
        try context.call("cuMemcpyHtoDAsync_v2", "can't copy \(ByteSize(source.count)) to the GPU") {
            ccu_copy_to_device($0, address, start, source.count, handle)
        }
        try synchronize()
    }

    /// Copies GPU memory to ordinary host memory and waits for it.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a range outside the memory, or when the work failed.
    package func download(
        _ source: DeviceMemory, at offset: Int = 0, into target: UnsafeMutableRawBufferPointer
    ) throws(CUDAError) {
        let address = try self.address(of: source, at: offset, target.count)
        guard let start = target.baseAddress, !target.isEmpty else { return }
        try context.call("cuMemcpyDtoHAsync_v2", "can't copy \(ByteSize(target.count)) from the GPU") {
            ccu_copy_to_host($0, start, address, target.count, handle)
        }
        try synchronize()
    }

    private func address(
        of memory: DeviceMemory, at offset: Int, _ byteCount: Int
    ) throws(CUDAError) -> UInt64 {
        try check(offset, byteCount, within: memory.byteCount)
        guard memory.context.handle == context.handle else {
            throw CUDAError(
                code: .invalidArgument, what: "memory of \(memory.context.device) was used on a stream of another GPU",
                where: context.device.description)
        }
        return memory.address + UInt64(offset)
    }

    private func check(_ offset: Int, _ byteCount: Int, within size: Int) throws(CUDAError) {
        guard offset >= 0, byteCount >= 0, offset <= size, byteCount <= size - offset else {
            throw CUDAError(
                code: .invalidArgument,
                what: "\(byteCount) bytes at \(offset) don't lie within \(size) bytes of memory",
                where: context.device.description)
        }
    }
}
