#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Landmarks that are known beforehand, so that no detector need run.
///
/// Each line names an image and the five points of one face in pixels of the upright photo; several lines for one
/// image are several faces, in the file's order. Two forms, which may be mixed:
/// - JSON Lines: `{"image": "a.jpg", "landmarks": [[x, y], [x, y], [x, y], [x, y], [x, y]]}`, other keys ignored;
/// - text: `a.jpg x1 y1 x2 y2 x3 y3 x4 y4 x5 y5`, separated by white space or commas; the path may hold spaces.
///
/// The order of the points is that of `Landmarks.points`. Blank lines and lines that start with `#` are skipped.
/// Relative image paths are seen from the file's folder or from the working folder.
package struct LandmarksFile: Sendable {
    /// Faces by image, under the path as the file has it, normalised.
    private var faces: [PhotoPath: [Landmarks]] = [:]
    private let folder: PhotoPath
    private let workingFolder: PhotoPath?

    /// The number of images that have landmarks.
    package var imageCount: Int { faces.count }

    /// Reads the file at `path`. Throws `.notFound`, `.unreadable`, `.empty`, or `.malformed` with the line.
    package static func read(_ path: PhotoPath) throws(FaceImageError) -> LandmarksFile {
        var file = LandmarksFile(folder: path.folder.normalized)
        var buffer = FileBuffer()
        do throws(FaceImageError) {
            try buffer.withContents(of: path, maxBytes: PhotoList.maxListBytes) { (bytes) throws(FaceImageError) in
                for (number, line) in TextLines(bytes) where line.first != UInt8(ascii: "#") {
                    do throws(FaceImageError) {
                        let (image, landmarks) = try LandmarksLine.parse(line)
                        file.faces[image.normalized, default: []].append(landmarks)
                    } catch {
                        var error = error
                        error.line = number
                        throw error
                    }
                }
            }
        } catch {
            throw error.at(path)
        }
        guard !file.faces.isEmpty else {
            throw FaceImageError(
                .empty, what: "no landmarks in this file", path: path.description,
                mend: #"write one face a line: {"image": "a.jpg", "landmarks": [[x, y], … five]}"#)
        }
        return file
    }

    /// The faces of the photo at `path`, in the file's order; empty if the file has none for it.
    package func faces(of path: PhotoPath) -> [Landmarks] {
        let path = path.normalized
        let absolute = workingFolder.map { $0.appending(path).normalized }
        var names = [path]
        if let name = path.relative(to: folder) { names.append(name) }
        if let absolute, let workingFolder {
            names.append(absolute)
            if let name = absolute.relative(to: workingFolder) { names.append(name) }
            if let name = absolute.relative(to: workingFolder.appending(folder).normalized) { names.append(name) }
        }
        for name in names {
            if let found = faces[name] { return found }
        }
        return []
    }

    private init(folder: PhotoPath) {
        self.folder = folder
        workingFolder = getcwd(nil, 0).map { path in
            defer { free(path) }
            return PhotoPath(bytes: UnsafeRawBufferPointer(start: path, count: strlen(path)))
        }
    }
}

extension PhotoPath {
    /// The rest of this path below `folder`, nil if it lies elsewhere. Both normalised.
    fileprivate func relative(to folder: PhotoPath) -> PhotoPath? {
        if folder.bytes.isEmpty { return isAbsolute ? nil : self }
        let prefix = folder.bytes.last == .slash ? Array(folder.bytes) : folder.bytes + [.slash]
        return bytes.starts(with: prefix) ? PhotoPath(bytes: bytes.dropFirst(prefix.count)) : nil
    }
}
