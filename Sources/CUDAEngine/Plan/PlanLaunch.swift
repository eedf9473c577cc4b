/// One kernel's launch in a bucket.
package struct PlanLaunch: Sendable, Hashable {
    /// How a kernel takes its arguments.
    package enum Arguments: Sendable, Hashable {
        /// Addresses alone.
        case pointers
        /// Tensor maps of input, output, residual and shortcut, then addresses.
        case tensorMaps([PlanTensorMap])
    }

    /// Number of the step that it does.
    package var step: Int
    /// Number of the kernel.
    package var kernel: Int
    /// Which of the step's weights it reads.
    package var weights: Int
    package var grid: PlanExtents
    package var block: PlanExtents
    /// Blocks of a cluster; nil for none.
    package var cluster: PlanExtents?
    /// Bytes of dynamic shared memory.
    package var sharedMemory: Int
    /// Whether it may start before its predecessor has ended.
    package var overlapsPredecessor: Bool
    package var arguments: Arguments
}

/// Extents in three directions.
package struct PlanExtents: Sendable, Hashable {
    package var x, y, z: Int

    package init(_ x: Int, _ y: Int = 1, _ z: Int = 1) { (self.x, self.y, self.z) = (x, y, z) }
}

/// The boxes in which a kernel copies a value: channels, columns, rows, images.
package struct PlanTensorMap: Sendable, Hashable {
    /// The value that it copies.
    package var value: Int
    package var box: [Int]
    package var elementStrides: [Int]
}
