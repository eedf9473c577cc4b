import Evaluation
import FaceImages
import Foundation

/// Collects a job's first photos and faces for the page that people look at.
final class FacesReportCollector {
    /// A page with more photos loads slowly and shows nothing more.
    private static let mostPhotos = 60
    /// A larger matrix can't be read.
    private static let mostFaces = 64
    /// Larger photo files are left out of the page; their boxes stay.
    private static let mostBytes = 8 << 20

    private var photos: [FacesReport.Photo] = []
    private var embeddings: [Float] = []
    private var faceCount = 0
    /// Inputs that found no place on the page.
    private(set) var leftOut = 0

    /// Adds an input, if there is room.
    func add(_ result: InputResult) throws(ArcFaceError) {
        guard photos.count < Self.mostPhotos, faceCount + result.faces.count <= Self.mostFaces else {
            leftOut += 1
            return
        }
        var faces: [FacesReport.Face] = []
        for face in result.faces {
            faces.append(
                FacesReport.Face(
                    box: face.box.map { FacesReport.Box(x: $0.x, y: $0.y, width: $0.width, height: $0.height) },
                    landmarks: (face.landmarks?.points ?? []).map { FacesReport.Point(x: $0.x, y: $0.y) },
                    score: face.score.map(Double.init), norm: Double(face.norm),
                    crop: DataURI(.png, bytes: try CropImage.png(of: face.crop))))
            embeddings += face.embedding
        }
        faceCount += faces.count
        photos.append(
            FacesReport.Photo(
                name: result.image, image: result.size == nil ? nil : Self.image(at: result.image),
                width: result.size?.width ?? 0, height: result.size?.height ?? 0, faces: faces,
                note: result.failures.map(\.message).joined(separator: " · ")))
    }

    /// Writes the page; `backends` says how many faces each backend embedded.
    func write(
        to path: String, information: EmbedderInformation, backends: [BackendFaces]
    ) throws(ArcFaceError) {
        let width = information.embeddingWidth
        var matrix: CosineMatrix?
        if faceCount > 0 {
            do throws(EvaluationError) {
                matrix = try embeddings.withUnsafeBufferPointer { (values) throws(EvaluationError) in
                    try CosineMatrix(embeddings: values, width: width)
                }
            } catch {
                throw ArcFaceError(.runtimeFailed, "\(error)", at: path)
            }
        }
        let report = FacesReport(
            title: "Faces and their similarity", summary: summary,
            facts: [
                FacesReport.Fact("model", (information.modelPath as NSString).lastPathComponent),
                FacesReport.Fact("input", information.preprocessing),
                FacesReport.Fact("embedding", "\(width) numbers"),
                FacesReport.Fact(
                    "runtime",
                    backends.count > 1 ? backends.text : "\(information.backend) \(information.runtimeVersion)"),
                FacesReport.Fact("device", information.device),
            ], photos: photos, matrix: matrix)
        let file = try FileWriter(
            path: path, retry: "run again without --resume: the embeddings are written, but the report isn't")
        try file.write(report.html())
        try file.finish()
    }

    private var summary: String {
        let faces = "\(faceCount) face\(faceCount == 1 ? "" : "s")"
        let inputs = "\(photos.count) input\(photos.count == 1 ? "" : "s")"
        return "\(faces) of \(inputs)." + (leftOut > 0 ? " \(leftOut) more inputs are not on this page." : "")
    }

    /// The photo's own bytes: browsers decode JPEG and PNG, and turn a photo upright as we do.
    private static func image(at path: String) -> DataURI? {
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= mostBytes else { return nil }
        return DataURI(bytes.starts(with: [0x89, 0x50]) ? .png : .jpeg, bytes: bytes)
    }
}
