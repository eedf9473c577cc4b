import ArcFaceTensorRT
import Foundation

/// Results go to standard output, and nothing else does.
enum StandardOutput {
    /// Writes a text and a newline.
    ///
    /// - Throws: `ArcFaceError` with code `writeFailed`, for example where the output is redirected to a full disk.
    static func write(_ text: String) throws(ArcFaceError) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            throw ArcFaceError(
                .writeFailed, "writing failed: \(error.localizedDescription)", at: "standard output",
                mend: "results are in --output too")
        }
    }
}
