/// A face network as steps that kernels can do, each behind those whose values it takes.
package struct FusedNetwork: Sendable {
    /// Shapes of the values by their numbers; value 0 is the image, uint8 BGR.
    package internal(set) var shapes: [ActivationShape]
    package internal(set) var operations: [FusedOperation] = []
    /// Subtracted from each pixel, on 0…255; the padding around the image stands for 0 after that.
    package internal(set) var mean: Float = 0
    /// The value that is the embedding.
    package internal(set) var embedding = 0

    /// Numbers in an embedding.
    package var embeddingWidth: Int { shapes[embedding].count }

    /// Multiplications with additions for one face.
    package var multiplyAdds: Int {
        operations.reduce(0) { sum, operation in
            let output = shapes[operation.output]
            let weights = operation.weights.values.count + (operation.shortcut?.weights.values.count ?? 0)
            return sum + output.height * output.width * weights
        }
    }
}
