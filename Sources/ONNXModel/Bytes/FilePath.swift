/// Parts of file paths.
enum FilePath {
    /// The folder in which the file at `path` lies.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }
}
