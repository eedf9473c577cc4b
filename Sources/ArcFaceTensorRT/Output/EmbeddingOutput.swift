import FaceImages
import Foundation

/// Embeddings on their way to disk: rows are streamed into a folder `OUT.partial` and become `OUT` in one step.
///
/// While a job runs, `OUT.partial` holds one flat file for each array and `rows.jsonl`, the journal. Whatever stops the job — a signal, a full
/// disk, a crash — the folder can be continued from the last input whose lines are all in the journal. `publish` assembles the output under a
/// temporary name, syncs it and renames it, so that a reader never sees half a file.
package final class EmbeddingOutput {
    /// Where the output goes.
    package let path: String
    package let format: OutputFormat
    /// Numbers an embedding.
    package let width: Int
    /// Inputs whose results are on the disk; always the first ones of the list.
    package private(set) var completedInputs: Int
    /// Embeddings on the disk.
    package private(set) var rows: Int
    private let spool: SpoolFolder
    private var arrays: [SpoolArray: FileWriter] = [:]
    private let journal: FileWriter
    /// What is on the disk when writing fails can be continued.
    static let retry = "run again with --resume"

    /// Opens the output of a job.
    ///
    /// - Parameters:
    ///   - path: `OUT`, with a suffix that `OutputFormat` knows.
    ///   - width: numbers an embedding.
    ///   - identity: what must be equal for a job to be continued: model, options.
    ///   - inputs: the names of the job's inputs, in order.
    ///   - resume: continue what `OUT.partial` holds; without it, leftovers are discarded.
    /// - Throws: `ArcFaceError` if the folder can't be written to, or if `resume` finds another job there.
    package init(
        path: String, width: Int, identity: String, inputs: some RandomAccessCollection<String>, resume: Bool
    ) throws(ArcFaceError) {
        self.path = path
        self.width = width
        format = try OutputFormat(path: path)
        spool = SpoolFolder(path: path + ".partial")
        let state = try spool.open(
            identity: "\(format.rawValue) width \(width) \(identity)", width: width, inputs: inputs, resume: resume)
        completedInputs = state.inputs
        rows = state.rows
        for array in SpoolArray.stored(by: format) {
            arrays[array] = try FileWriter(
                path: spool.path(of: array), keeping: state.rows * array.bytesPerRow(width: width),
                retry: Self.retry)
        }
        journal = try FileWriter(path: spool.journalPath, keeping: state.journalBytes, retry: Self.retry)
    }

    /// Whether `OUT` is there, whole, and made of exactly these inputs.
    ///
    /// - Throws: `ArcFaceError` if it is whole but of other inputs: going on would mix two jobs.
    package static func isComplete(
        path: String, inputs: some RandomAccessCollection<String>
    ) throws(ArcFaceError) -> Bool {
        let rowsPath = try OutputFormat(path: path).rowsPath(for: path)
        guard !FileManager.default.fileExists(atPath: path + ".partial"),
            FileManager.default.fileExists(atPath: path), FileManager.default.fileExists(atPath: rowsPath)
        else { return false }
        var reader = JournalReader(inputs: inputs)
        try FileContents(path: rowsPath).forEachChunk { (chunk) throws(ArcFaceError) in reader.take(chunk) }
        if reader.mismatch == nil, reader.state.inputs == inputs.count { return true }
        let reason = reader.mismatch ?? "holds \(reader.state.inputs) inputs where \(inputs.count) are given now"
        throw ArcFaceError(.resumeMismatch, reason, at: rowsPath, mend: "run without --resume to start afresh")
    }

    /// Appends an input's rows. Inputs come in order, none left out.
    package func append(_ result: InputResult) throws(ArcFaceError) {
        for (number, face) in result.faces.enumerated() {
            for (array, file) in arrays {
                try array.write(face, imageIndex: result.index, to: file)
            }
            try journal.write(
                RowJSON.line(
                    for: face, row: rows, number: number, of: result, withEmbedding: format == .jsonl))
            rows += 1
        }
        for failure in result.failures {
            try journal.write(RowJSON.line(for: failure, of: result))
        }
        completedInputs += 1
    }

    /// Hands all rows so far to the system: arrays first, so that the journal never names a row that isn't there.
    package func flush() throws(ArcFaceError) {
        for file in arrays.values { try file.flush() }
        try journal.flush()
    }

    /// Makes `OUT`, and the file of rows beside it, out of what was appended so far.
    ///
    /// - Parameter complete: whether all inputs are done. If not, `OUT.partial` is kept so that `--resume` can go on.
    /// - Throws: `ArcFaceError` if writing fails; `OUT.partial` is kept then.
    package func publish(complete: Bool) throws(ArcFaceError) {
        for file in arrays.values { try file.flush() }
        try journal.flush()
        let temporary = path + ".tmp"
        let rowsPath = format.rowsPath(for: path)
        do throws(ArcFaceError) {
            switch format {
            case .npz: try writeArchive(to: temporary)
            case .npy: try writeArray(to: temporary)
            case .jsonl: break
            }
            try copyJournal(to: rowsPath + ".tmp")
        } catch {
            unlink(temporary)
            unlink(rowsPath + ".tmp")
            throw error
        }
        if format != .jsonl { try move(temporary, to: path) }
        try move(rowsPath + ".tmp", to: rowsPath)
        if complete { spool.remove() }
    }

    private func writeArchive(to temporary: String) throws(ArcFaceError) {
        let archive = try ZipWriter(path: temporary, retry: Self.retry)
        for array in SpoolArray.stored(by: format) {
            try archive.add(
                name: array.rawValue + ".npy",
                header: NPYHeader.bytes(type: array.numpyType, shape: [rows] + array.rowShape(width: width)),
                contents: FileContents(path: spool.path(of: array)))
        }
        try archive.finish()
    }

    private func writeArray(to temporary: String) throws(ArcFaceError) {
        let file = try FileWriter(path: temporary, retry: Self.retry)
        let array = SpoolArray.embeddings
        try file.write(NPYHeader.bytes(type: array.numpyType, shape: [rows] + array.rowShape(width: width)))
        try FileContents(path: spool.path(of: array)).forEachChunk { (chunk) throws(ArcFaceError) in
            try file.write(chunk)
        }
        try file.finish()
    }

    private func copyJournal(to temporary: String) throws(ArcFaceError) {
        let file = try FileWriter(path: temporary, retry: Self.retry)
        try FileContents(path: spool.journalPath).forEachChunk { (chunk) throws(ArcFaceError) in
            try file.write(chunk)
        }
        try file.finish()
    }

    private func move(_ temporary: String, to final: String) throws(ArcFaceError) {
        guard rename(temporary, final) == 0 else {
            throw ArcFaceError(.writeFailed, "can't be renamed from \(temporary): \(lastSystemError())", at: final)
        }
    }
}
