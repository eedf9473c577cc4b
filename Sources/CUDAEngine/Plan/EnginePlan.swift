/// What an engine does, as data: its steps, where their numbers lie, and which kernels do them at which batch size.
///
/// Everything that a run needs except the kernels' code and the weights themselves. Offsets are in bytes.
package struct EnginePlan: Sendable, Hashable {
    /// The GPUs whose kernels the plan launches, such as 90 for an H100.
    package var architecture: KernelArchitecture
    /// What activations and weights are made of: float16 or float32.
    package var element: PlanValue.Element
    /// Height and width of a face.
    package var imageHeight, imageWidth: Int
    /// Subtracted from the pixels, on 0…255.
    package var mean: Float
    /// Numbers in an embedding.
    package var embeddingWidth: Int
    /// Bytes of all packed weights, biases and slopes.
    package var weightsByteCount: Int
    /// The values between the steps; value 0 is the image, the last one the embedding.
    package var values: [PlanValue]
    package var steps: [PlanStep]
    /// Kernels by what they were compiled from.
    package var kernels: [KernelVariant]
    /// One for each batch size, smallest first.
    package var buckets: [PlanBucket]

    package var maximumBatch: Int { buckets.last?.batch ?? 0 }
    /// The number of the value that is the embedding.
    package var embedding: Int { values.count - 1 }
}

/// A value between two steps.
package struct PlanValue: Sendable, Hashable {
    /// What a value's numbers are.
    package enum Element: UInt8, Sendable, Hashable {
        case uint8 = 0
        case float16 = 1
        case float32 = 2

        package var byteCount: Int {
            switch self {
            case .uint8: 1
            case .float16: 2
            case .float32: 4
            }
        }
    }

    /// The size for one face; channels are padded to what kernels want.
    package var shape: ActivationShape
    package var element: Element

    /// Bytes for one face.
    package var byteCount: Int { shape.count * element.byteCount }
}

/// The plan for batches of up to `batch` faces.
package struct PlanBucket: Sendable, Hashable {
    /// Faces; a batch is padded to it.
    package var batch: Int
    /// Where each value lies in the arena; nil for the image and the embedding, which have buffers of their own.
    package var placements: [Int?]
    package var arenaByteCount: Int
    /// Bytes for partial sums, uninitialised.
    package var workspaceByteCount: Int
    /// Bytes for counters that are zero before the first run.
    package var counterByteCount: Int
    package var launches: [PlanLaunch]
}
