internal import CCUDADriver

/// A tensor in device memory as the bulk copy engine of Hopper and later GPUs sees it, encoded for a kernel.
package struct TensorMap: Sendable {
    /// Numbered as `CUtensorMapDataType`.
    package enum ElementType: Int32, Sendable {
        case uint8 = 0
        case uint16 = 1
        case uint32 = 2
        case int32 = 3
        case float16 = 6
        case float32 = 7
        case bfloat16 = 9
    }

    /// How rows are permuted in shared memory, by the span in bytes.
    package enum Swizzle: Int32, Sendable {
        case none, bytes32, bytes64, bytes128
    }

    /// How much the level-2 cache fetches at least.
    package enum L2Promotion: Int32, Sendable {
        case none, bytes64, bytes128, bytes256
    }

    /// The tensor and the box that one copy moves, innermost dimension first.
    package struct Layout: Sendable, CustomStringConvertible {
        package var elementType: ElementType
        /// In elements, 1 to 5 of them.
        package var extents: [UInt64]
        /// Bytes from one element to its neighbour in each dimension but the innermost; multiples of 16.
        package var strides: [UInt64]
        /// In elements, each at most 256, counted before the element stride.
        package var box: [UInt32]
        /// Every how many elements one is taken; 1 for all.
        package var elementStrides: [UInt32]
        package var swizzle: Swizzle
        package var l2Promotion: L2Promotion

        package init(
            elementType: ElementType, extents: [UInt64], strides: [UInt64], box: [UInt32],
            elementStrides: [UInt32]? = nil, swizzle: Swizzle = .none, l2Promotion: L2Promotion = .none
        ) {
            self.elementType = elementType
            self.extents = extents
            self.strides = strides
            self.box = box
            self.elementStrides = elementStrides ?? box.map { _ in 1 }
            self.swizzle = swizzle
            self.l2Promotion = l2Promotion
        }

        /// `float16 [64, 15, 14], strides [128, 1920], box [64, 15, 2] by [1, 1, 1], swizzle bytes128`.
        package var description: String {
            "\(elementType) \(extents), strides \(strides), box \(box) by \(elementStrides), swizzle \(swizzle)"
        }
    }

    /// The 128 bytes as the driver encoded them.
    let words: [UInt64]

    /// Encodes the map of a tensor that starts `offset` bytes into GPU memory. Elements outside the tensor read as 0.
    ///
    /// - Throws: `CUDAError` with code `.invalidArgument` for a layout that the engine can't do, `.unsupported` before
    ///   CUDA 12.0.
    package init(_ layout: Layout, of memory: DeviceMemory, offset: Int = 0) throws(CUDAError) {
        let context = memory.context
        let rank = layout.extents.count
        guard (1...5).contains(rank), layout.strides.count == rank - 1, layout.box.count == rank,
            layout.elementStrides.count == rank, (0..<memory.byteCount).contains(offset)
        else {
            throw CUDAError(
                code: .invalidArgument, what: "a tensor map can't be made from \(layout) at \(offset)",
                where: context.device.description)
        }
        var raw = ccu_tensor_layout()
        raw.address = memory.address + UInt64(offset)
        raw.element_type = layout.elementType.rawValue
        raw.rank = UInt32(rank)
        raw.swizzle = layout.swizzle.rawValue
        raw.l2_promotion = layout.l2Promotion.rawValue
        withUnsafeMutableBytes(of: &raw.extents) { target in
            layout.extents.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        withUnsafeMutableBytes(of: &raw.strides) { target in
            layout.strides.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        withUnsafeMutableBytes(of: &raw.box) { target in
            layout.box.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        withUnsafeMutableBytes(of: &raw.element_strides) { target in
            layout.elementStrides.withUnsafeBytes { target.copyMemory(from: $0) }
        }
        var words = [UInt64](repeating: 0, count: 16)
        try context.call("cuTensorMapEncodeTiled", "a tensor map can't be made from \(layout)") {
            ccu_tensor_map_encode($0, &words, &raw)
        }
        self.words = words
    }
}
