#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The photos of a job, in the order in which they are processed.
///
/// All paths lie in one block of bytes (path, zero, path, zero, …) with one offset each: about 8 bytes a photo on top
/// of the path itself.
package struct PhotoList: Sendable {
    /// All paths, each ended by a zero.
    private var block: [UInt8] = []
    /// Where each path starts in `block`.
    private var offsets: [Int] = []
    /// What the arguments named that gave no photos; the rest of the job goes on without it.
    package private(set) var problems: [FaceImageError] = []

    /// The suffixes, in any case, of the files that are photos when a folder is searched.
    package static let photoSuffixes = ["jpg", "jpeg", "png"]
    /// The suffixes, in any case, of files that list photos.
    package static let listSuffixes = ["txt", "lst"]

    /// An empty list.
    package init() {}

    /// The photos that `paths` name, argument by argument:
    /// - a folder: its photos and those of the folders below it, sorted bytewise by path, without hidden files;
    /// - a file ending in `.txt` or `.lst`: the photos that it lists, in its order, one path a line, relative to the
    ///   list's folder. Blank lines and lines that start with `#` are skipped. Missing files stay: they fail one by
    ///   one when they are decoded;
    /// - any other file: a photo.
    ///
    /// An argument that gives nothing becomes one of `problems`. Throws the first of them if no argument gives a
    /// photo, and `.noPhotos` if there are no arguments.
    package static func expand(paths: [String]) throws(FaceImageError) -> PhotoList {
        var list = PhotoList()
        for path in paths {
            do {
                try list.add(argument: PhotoPath(path))
            } catch {
                list.problems.append(error)
            }
        }
        if list.isEmpty {
            throw list.problems.first
                ?? FaceImageError(.noPhotos, what: "no photos are named", mend: "name photos, folders or lists")
        }
        return list
    }

    /// The number of photos.
    package var count: Int { offsets.count }
    /// True if there is no photo.
    package var isEmpty: Bool { offsets.isEmpty }
    /// Bytes of memory that the paths take.
    package var byteCount: Int { block.capacity + offsets.capacity * MemoryLayout<Int>.stride }

    /// The path of photo `index`, 0 ..< `count`.
    package subscript(index: Int) -> PhotoPath {
        PhotoPath(bytes: block[offsets[index]...])
    }

    /// Appends one photo.
    package mutating func append(_ path: some Sequence<UInt8>) {
        offsets.append(block.count)
        block.append(contentsOf: path)
        block.append(0)
    }

    /// Notes a part of an argument that could not be used.
    mutating func note(_ problem: FaceImageError) {
        problems.append(problem)
    }

    /// Sorts the photos from `start` on bytewise by path.
    mutating func sort(from start: Int) {
        block.withUnsafeBytes { bytes in
            guard let base = bytes.bindMemory(to: CChar.self).baseAddress else { return }
            // strcmp compares unsigned bytes, whatever the locale.
            offsets[start...].sort { strcmp(base + $0, base + $1) < 0 }
        }
    }

    private mutating func add(argument path: PhotoPath) throws(FaceImageError) {
        var status = stat()
        guard path.withCString({ stat($0, &status) }) == 0 else { throw FileBuffer.failure(errno).at(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            try addFolder(path)
        } else if path.hasSuffix(in: Self.listSuffixes) {
            try addList(path)
        } else {
            append(path.bytes)
        }
    }
}
