import EngineStore
import FaceImages
import ONNXModel
import TensorRT

/// What an engine takes and gives, checked to be `faces` uint8 [N, 112, 112, 3] → `embedding` float [N, D].
struct EngineLayout: Sendable, Equatable {
    /// Numbers of an embedding, D.
    let width: Int
    /// Batch sizes of each profile.
    let profiles: [BatchBuckets.ProfileRange]

    /// One face of the input's shape.
    static let faceShape = [112, 112, 3]

    /// Reads and checks what an engine says of itself.
    ///
    /// - Parameters:
    ///   - engine: the loaded engine.
    ///   - expectedWidth: the width that its manifest names.
    /// - Throws: `ArcFaceError` with code `.modelUnusable`.
    init(_ engine: TensorRTEngine, expectedWidth: Int) throws(ArcFaceError) {
        try self.init(engine.tensors, expectedWidth: expectedWidth, name: engine.name)
    }

    init(_ tensors: [EngineTensor], expectedWidth: Int, name: String) throws(ArcFaceError) {
        func unusable(_ what: String) -> ArcFaceError {
            ArcFaceError(
                .modelUnusable, "this is no engine of a prepared face model: \(what)", at: name,
                mend: "build it with `arcface-tensorrt build`")
        }
        let inputs = tensors.filter { $0.mode == .input }, outputs = tensors.filter { $0.mode == .output }
        guard let faces = inputs.first, inputs.count == 1, faces.name == FaceModel.inputName else {
            throw unusable("it takes \(Self.names(inputs)), not `\(FaceModel.inputName)` alone")
        }
        guard let embedding = outputs.first, outputs.count == 1, embedding.name == FaceModel.outputName else {
            throw unusable("it gives \(Self.names(outputs)), not `\(FaceModel.outputName)` alone")
        }
        guard faces.elementType == .uint8, faces.shape.count == 4, Array(faces.shape.dropFirst()) == Self.faceShape
        else {
            throw unusable("`\(faces.name)` is \(faces.elementType) \(faces.shape), not uint8 [N, 112, 112, 3]")
        }
        guard embedding.elementType == .float, embedding.shape.count == 2, embedding.shape[1] > 0 else {
            throw unusable("`\(embedding.name)` is \(embedding.elementType) \(embedding.shape), not float [N, D]")
        }
        guard embedding.shape[1] == expectedWidth else {
            throw ArcFaceError(
                .modelUnusable,
                "the engine gives \(embedding.shape[1]) numbers a face, its manifest says \(expectedWidth)", at: name,
                mend: "build the engine again")
        }
        width = expectedWidth
        profiles = faces.profiles.map { profile in
            BatchBuckets.ProfileRange(
                minimum: profile.minimum.first ?? 0, optimum: profile.optimum.first ?? 0,
                maximum: profile.maximum.first ?? 0)
        }
    }

    /// The batches to run it at.
    ///
    /// - Throws: `ArcFaceError` if no profile takes any.
    func buckets(lanes: Int, name: String) throws(ArcFaceError) -> BatchBuckets {
        guard let buckets = BatchBuckets(profiles: profiles, lanes: lanes) else {
            throw ArcFaceError(
                .modelUnusable, "no optimisation profile of the engine takes a batch", at: name,
                mend: "build the engine again")
        }
        return buckets
    }

    private static func names(_ tensors: [EngineTensor]) -> String {
        tensors.isEmpty ? "nothing" : tensors.map { "`\($0.name)`" }.joined(separator: ", ")
    }
}
