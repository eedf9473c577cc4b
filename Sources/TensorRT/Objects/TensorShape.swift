internal import CTensorRT

/// Shapes are arrays of extents; -1 is an open dimension.
package typealias TensorShape = [Int]

extension trt_dims {
    /// - Throws: `TensorRTError` with code `.invalidArgument` when there are more than 8 dimensions.
    init(_ shape: TensorShape, of tensor: String) throws(TensorRTError) {
        guard shape.count <= 8 else {
            throw TensorRTError(.invalidArgument, "the shape \(shape) has more than 8 dimensions", at: tensor)
        }
        self.init()
        rank = Int32(shape.count)
        withUnsafeMutableBytes(of: &extent) { bytes in
            let extents = bytes.assumingMemoryBound(to: Int64.self)
            for (index, value) in shape.enumerated() { extents[index] = Int64(value) }
        }
    }

    var shape: TensorShape {
        withUnsafeBytes(of: extent) { bytes in
            bytes.assumingMemoryBound(to: Int64.self).prefix(Int(rank)).map { Int($0) }
        }
    }
}
