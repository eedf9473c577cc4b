import Foundation
import ONNXModel

/// The model files: are they there, and can they be prepared?
enum ModelExamination {
    static func checks(_ configuration: ArcFaceConfiguration) -> [DoctorReport.Check] {
        [face(configuration), detector(configuration)]
    }

    private static func face(_ configuration: ArcFaceConfiguration) -> DoctorReport.Check {
        let path = configuration.tensorRT.onnxPath
        let wasNamed = path != TensorRTConfiguration().onnxPath
        if !wasNamed, !FileManager.default.fileExists(atPath: path) {
            // No problem: each command can name a model.
            return DoctorReport.Check(
                "model", "face model", .absent, "the default \(path) isn't there",
                mend: "put a model there, or name one: --model FILE")
        }
        do throws(ONNXModelError) {
            let model = try FaceModel.prepare(
                path: path, preprocessing: configuration.preprocessing.explicit, target: .portable)
            return DoctorReport.Check(
                "model", "face model", .ok,
                "\(path), \(model.embeddingWidth) numbers a face, input \(model.preprocessingText)")
        } catch {
            return DoctorReport.Check("model", "face model", .problem, error.description)
        }
    }

    private static func detector(_ configuration: ArcFaceConfiguration) -> DoctorReport.Check {
        do {
            let path = try DetectorModelFile.path(configured: configuration.detection.modelPath)
            _ = try DetectorModel.prepare(path: path)
            return DoctorReport.Check("model", "face detector", .ok, path)
        } catch {
            return DoctorReport.Check("model", "face detector", .problem, "\(error)")
        }
    }
}
