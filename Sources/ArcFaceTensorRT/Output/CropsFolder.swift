import FaceImages
import Foundation

/// A folder that gets each aligned crop as a PNG file, named `{image_index}_{face}.png` with leading zeros, so that they sort as the rows do.
struct CropsFolder {
    private let path: String

    init(path: String) throws(ArcFaceError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ArcFaceError(.outputUnwritable, "can't be created: \(error.localizedDescription)", at: path)
        }
    }

    func write(_ result: InputResult) throws(ArcFaceError) {
        for (number, face) in result.faces.enumerated() {
            let index = String(result.index)
            let name = String(repeating: "0", count: max(0, 8 - index.count)) + index
            let file = try FileWriter(
                path: "\(path)/\(name)_\(number < 10 ? "0" : "")\(number).png", retry: EmbeddingOutput.retry)
            try file.write(try CropImage.png(of: face.crop))
            try file.finish()
        }
    }
}

/// Aligned crops as PNG images.
enum CropImage {
    static func png(of crop: FaceBatch) throws(ArcFaceError) -> [UInt8] {
        do throws(FaceImageError) {
            return try PNGEncoder.encode(bgr: crop.pixels, width: FaceBatch.side, height: FaceBatch.side)
        } catch {
            throw ArcFaceError(.writeFailed, error.description)
        }
    }
}
