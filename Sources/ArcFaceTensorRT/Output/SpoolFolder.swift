import Foundation

/// The folder `OUT.partial`: what a job has written so far, and enough to tell whether another run may continue it.
struct SpoolFolder {
    /// How far an earlier run got.
    struct State {
        var inputs = 0
        var rows = 0
        /// The journal's bytes up to the last input whose lines are all there.
        var journalBytes = 0
    }

    let path: String

    var journalPath: String { path + "/rows.jsonl" }
    private var identityPath: String { path + "/job.txt" }

    func path(of array: SpoolArray) -> String {
        path + "/" + array.rawValue + ".bin"
    }

    /// Makes the folder ready for writing.
    ///
    /// - Throws: `ArcFaceError`: the folder can't be made, or `resume` finds a job with another identity or other inputs.
    func open(
        identity: String, width: Int, inputs: some RandomAccessCollection<String>, resume: Bool
    ) throws(ArcFaceError) -> State {
        let exists = FileManager.default.fileExists(atPath: path)
        if exists && resume { return try continued(identity: identity, width: width, inputs: inputs) }
        if exists { remove() }
        guard mkdir(path, 0o755) == 0 else {
            let parent = (path as NSString).deletingLastPathComponent
            throw ArcFaceError(
                .outputUnwritable, "the output folder can't be written to: \(lastSystemError())",
                at: parent.isEmpty ? "." : parent, mend: "create it, or choose another --output")
        }
        let file = try FileWriter(path: identityPath, retry: EmbeddingOutput.retry)
        try file.write(identity + "\n")
        try file.finish()
        return State()
    }

    /// Deletes the folder. What can't be deleted is left behind; it is no part of the result.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private func continued(
        identity: String, width: Int, inputs: some RandomAccessCollection<String>
    ) throws(ArcFaceError) -> State {
        let mend = "run without --resume to start afresh"
        var written: [UInt8] = []
        try FileContents(path: identityPath).forEachChunk { (chunk) throws(ArcFaceError) in written += chunk }
        let found = String(decoding: written, as: UTF8.self)
        guard found == identity + "\n" else {
            throw ArcFaceError(
                .resumeMismatch, "was begun with other settings: \(found.dropLast(1)); now: \(identity)", at: path,
                mend: mend)
        }
        var reader = JournalReader(inputs: inputs)
        if FileManager.default.fileExists(atPath: journalPath) {
            try FileContents(path: journalPath).forEachChunk { (chunk) throws(ArcFaceError) in reader.take(chunk) }
        }
        if let mismatch = reader.mismatch {
            throw ArcFaceError(.resumeMismatch, mismatch, at: path, mend: mend)
        }
        try checkArrays(hold: reader.state.rows, width: width)
        return reader.state
    }

    /// Arrays are written before the journal, so they hold at least its rows; anything else means that files were damaged.
    private func checkArrays(hold rows: Int, width: Int) throws(ArcFaceError) {
        for array in SpoolArray.allCases where FileManager.default.fileExists(atPath: path(of: array)) {
            var information = stat()
            guard stat(path(of: array), &information) == 0 else {
                throw ArcFaceError(.resumeMismatch, "can't be read: \(lastSystemError())", at: path(of: array))
            }
            guard Int(information.st_size) >= rows * array.bytesPerRow(width: width) else {
                throw ArcFaceError(
                    .resumeMismatch, "holds fewer rows than the journal names", at: path(of: array),
                    mend: "run without --resume to start afresh")
            }
        }
    }
}
