/// A face model as every runtime takes it: `faces` uint8 `[N,112,112,3]` BGR in, `embedding` float32 `[N,D]` out.
///
/// Embeddings are as the network gives them, not of unit length.
package struct PreparedModel: Sendable {
    /// Where the preprocessing comes from.
    package enum PreprocessingSource: String, Sendable {
        /// Nodes of the model's own graph.
        case graph
        /// The caller.
        case given
        /// ArcFace's usual one, for want of anything better.
        case `default`
    }

    /// The prepared graph.
    package let model: Model
    /// How the graph turns pixels into the network's input.
    package let preprocessing: Preprocessing
    /// Where mean and scale come from. The channel order is never in a graph: it is given, or RGB.
    package let preprocessingSource: PreprocessingSource
    /// The number D of values in an embedding.
    package let embeddingWidth: Int
    /// The number format that the graph computes in.
    package let precision: ModelPrecision
    /// What was done to the graph, in order.
    package let notes: [PassNote]

    /// The prepared ONNX file's bytes, in one allocation of their exact size.
    package func serialized() -> [UInt8] { model.serialized() }

    /// Writes the prepared ONNX file: streamed, and there complete or not at all.
    ///
    /// - Throws: `unwritableFile`, `tooLarge`.
    package func write(to path: String) throws(ONNXModelError) { try model.write(to: path) }
}
