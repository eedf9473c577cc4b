import Foundation

/// Checks that outputs can be written, before a job spends time on them.
enum OutputFolder {
    /// - Throws: `ArcFaceError` with code `outputUnwritable` for the first path whose folder is missing or not writable.
    static func check(for paths: [String]) throws(ArcFaceError) {
        for path in paths {
            let parent = (path as NSString).deletingLastPathComponent
            let folder = parent.isEmpty ? "." : parent
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw ArcFaceError(
                    .outputUnwritable, "the output folder doesn't exist", at: folder,
                    mend: "create it: mkdir -p \(folder)")
            }
            guard access(folder, W_OK) == 0 else {
                throw ArcFaceError(
                    .outputUnwritable, "the output folder can't be written to: \(lastSystemError())", at: folder)
            }
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                throw ArcFaceError(.outputUnwritable, "is a folder", at: path, mend: "name a file")
            }
        }
    }
}
