extension PhotoList {
    /// The most bytes that a list or landmarks file may have.
    static let maxListBytes = 1 << 30

    /// Appends the photos that the file at `path` lists.
    mutating func addList(_ path: PhotoPath) throws(FaceImageError) {
        let folder = path.folder
        let prefix =
            folder == PhotoPath(".") ? [] : folder.bytes.last == .slash ? Array(folder.bytes) : folder.bytes + [.slash]
        let start = count
        var buffer = FileBuffer()
        do throws(FaceImageError) {
            try buffer.withContents(of: path, maxBytes: Self.maxListBytes) { (bytes) throws(FaceImageError) in
                guard !bytes.contains(0) else {
                    throw FaceImageError(
                        .malformed, what: "a list of photos that holds zero bytes", mend: "name a text file")
                }
                for (_, line) in TextLines(bytes) where line.first != UInt8(ascii: "#") {
                    if line.first == .slash { append(line) } else { append([prefix[...], ArraySlice(line)].joined()) }
                }
            }
        } catch {
            throw error.at(path)
        }
        guard count > start else {
            throw FaceImageError(
                .noPhotos, what: "the list names no photos", path: path.description, mend: "write one path a line")
        }
    }
}
