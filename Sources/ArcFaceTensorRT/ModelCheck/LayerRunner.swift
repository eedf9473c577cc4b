import FaceImages
import Foundation
import ONNXModel
import ONNXRuntime

/// Runs a model for values inside its graph.
struct LayerRunner: Sendable {
    let checked: CheckedModel
    let library: ONNXRuntimeLibrary
    let threads: Int

    /// The layers of the graph with their shapes for one face.
    ///
    /// The shapes are measured, by `Shape` nodes: what a file declares may be wrong or missing, and no value is held.
    ///
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func layers(for face: FaceBatch) throws(ArcFaceError) -> [GraphLayer] {
        let graph = checked.model.model.graph
        var layers = graph.layers
        let (giving, names) = graph.givingShapes(of: layers.map(\.value))
        let session = try load(giving)
        let shapes = try Self.run(session, on: face, outputs: names) { outputs in
            outputs.map { output in output.elements(as: Int64.self).map { $0.map { Int($0) } } ?? [] }
        }
        for (place, shape) in shapes.enumerated() { layers[place].shape = shape }
        return layers
    }

    /// The graph, loaded so that it gives those values as float32.
    ///
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message.
    func loaded(giving values: [String]) throws(ArcFaceError) -> (session: ONNXRuntimeSession, outputs: [String]) {
        let (graph, names) = checked.model.model.graph.givingFloats(of: values)
        return (try load(graph), names)
    }

    private func load(_ graph: Graph) throws(ArcFaceError) -> ONNXRuntimeSession {
        var model = checked.model.model
        model.graph = graph
        let options = SessionOptions(
            name: (checked.path as NSString).lastPathComponent, intraOpThreads: threads, allowSpinning: true)
        do throws(ONNXRuntimeError) {
            return try ONNXRuntimeSession.load(model.serialized(), options: options, library: library)
        } catch {
            throw ArcFaceError(error)
        }
    }

    /// Runs a loaded graph on faces and lends its outputs to `body`.
    ///
    /// - Throws: `ArcFaceError` with ONNX Runtime's own message, or what `body` throws.
    static func run<Result>(
        _ session: ONNXRuntimeSession, on faces: FaceBatch, outputs: [String],
        _ body: ([TensorView]) throws(ArcFaceError) -> Result
    ) throws(ArcFaceError) -> Result {
        do {
            return try faces.withUnsafeBytes { pixels in
                let input = TensorView(
                    name: FaceModel.inputName, elementType: .uint8, shape: [faces.count, 112, 112, 3], bytes: pixels)
                return try session.run([input], outputs: outputs) { try body($0) }
            }
        } catch let error as ArcFaceError {
            throw error
        } catch let error as ONNXRuntimeError {
            throw ArcFaceError(error)
        } catch {
            throw ArcFaceError(.runtimeFailed, "\(error)")
        }
    }
}
