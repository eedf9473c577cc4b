import FaceImages
import Foundation
import ONNXModel
import ONNXRuntime

/// YuNet in ONNX Runtime: one thread a call, so that each worker detects in its own photo.
struct ONNXRuntimeDetector: FaceDetectorNetwork {
    private static let strides = [8, 16, 32]
    private static let outputNames = ["cls", "obj", "bbox", "kps"].flatMap { kind in
        strides.map { "\(kind)_\($0)" }
    }

    private let session: ONNXRuntimeSession

    /// - Throws: `ArcFaceError` if the model is missing or no YuNet.
    init(modelPath: String, library: ONNXRuntimeLibrary) throws(ArcFaceError) {
        let model: DetectorModel
        do throws(ONNXModelError) {
            model = try DetectorModel.prepare(path: modelPath)
        } catch {
            throw ArcFaceError(error)
        }
        // Photos come in all sizes: ONNX Runtime would keep a memory plan for each and drop none.
        let options = SessionOptions(
            name: (modelPath as NSString).lastPathComponent, intraOpThreads: 1, memoryPattern: false)
        do throws(ONNXRuntimeError) {
            session = try ONNXRuntimeSession.load(model.serialized(), options: options, library: library)
        } catch {
            throw ArcFaceError(error)
        }
    }

    func run<Result>(
        _ image: NetworkImage, _ body: ([YuNetLevel]) throws(FaceImageError) -> Result
    ) throws(FaceImageError) -> Result {
        let bytes = UnsafeRawBufferPointer(start: image.pixels, count: image.width * image.height * 3)
        let input = TensorView(
            name: DetectorModel.inputName, elementType: .uint8, shape: [1, image.height, image.width, 3], bytes: bytes)
        do {
            return try session.run([input], outputs: Self.outputNames) { outputs in
                try body(try Self.levels(of: outputs))
            }
        } catch let error as FaceImageError {
            throw error
        } catch {
            throw FaceImageError(
                .detectorFailed, what: "the face detector failed: \(error)", mend: "check detection.model_path")
        }
    }

    private static func levels(of outputs: [TensorView]) throws(FaceImageError) -> [YuNetLevel] {
        var levels: [YuNetLevel] = []
        for (number, stride) in strides.enumerated() {
            levels.append(
                YuNetLevel(
                    stride: stride, classScores: try floats(outputs[number]),
                    objectScores: try floats(outputs[number + 3]), boxes: try floats(outputs[number + 6]),
                    landmarks: try floats(outputs[number + 9])))
        }
        return levels
    }

    private static func floats(_ tensor: TensorView) throws(FaceImageError) -> UnsafeBufferPointer<Float> {
        guard let elements = tensor.elements(as: Float.self) else {
            throw FaceImageError(
                .detectorFailed, what: "the face detector gives \(tensor.elementType) for \(tensor.name), not float32",
                mend: "check detection.model_path")
        }
        return elements
    }
}
