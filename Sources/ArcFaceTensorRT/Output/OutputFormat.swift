/// The kinds of file that embeddings are written to, told by the suffix.
public enum OutputFormat: String, Sendable, CaseIterable {
    /// A NumPy archive: embeddings, norms, boxes, landmarks, scores, image_index.
    case npz
    /// One NumPy array: the embeddings alone.
    case npy
    /// JSON Lines: one object a face, embedding included.
    case jsonl

    /// The format that a path's suffix names.
    ///
    /// - Throws: `ArcFaceError` if the suffix is none of `.npz`, `.npy`, `.jsonl`.
    public init(path: String) throws(ArcFaceError) {
        let suffix = path.split(separator: "/").last?.split(separator: ".", omittingEmptySubsequences: false).last
        guard let suffix, let format = OutputFormat(rawValue: suffix.lowercased()), suffix.count < path.count else {
            throw ArcFaceError(
                .outputUnwritable, "the suffix names no output format", at: path, mend: "use .npz, .npy or .jsonl")
        }
        self = format
    }

    /// Where the rows are named: the output itself for JSON Lines, a file beside it otherwise.
    package func rowsPath(for path: String) -> String {
        self == .jsonl ? path : path + ".jsonl"
    }
}
