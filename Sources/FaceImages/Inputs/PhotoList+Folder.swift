#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension PhotoList {
    /// Appends the photos below `folder`, sorted bytewise by path.
    ///
    /// Links to folders are followed, but no folder is searched twice, so loops end; where several paths lead to one
    /// folder, the one without links wins. A folder below `folder` that cannot be read becomes a problem.
    mutating func addFolder(_ folder: PhotoPath) throws(FaceImageError) {
        let start = count
        var search = FolderSearch()
        try search.visit(folder, list: &self)
        while let next = search.nextFolder() {
            do {
                try search.visit(next, list: &self)
            } catch {
                note(error)
            }
        }
        guard count > start else {
            throw FaceImageError(
                .noPhotos, what: "no photos in this folder or below it", path: folder.description,
                mend: "name a folder with files that end in .jpg, .jpeg or .png")
        }
        sort(from: start)
    }
}

/// The state of a search: folders that wait, and those that were seen.
private struct FolderSearch {
    private struct Identity: Hashable {
        let device: UInt64
        let file: UInt64
    }

    private var seen: Set<Identity> = []
    private var folders: [PhotoPath] = []
    private var links: [PhotoPath] = []

    /// The next folder to search: all real ones first, then links in the order of their names.
    mutating func nextFolder() -> PhotoPath? {
        if let folder = folders.popLast() { return folder }
        guard let first = links.indices.min(by: { links[$0].bytes.lexicographicallyPrecedes(links[$1].bytes) })
        else { return nil }
        return links.remove(at: first)
    }

    /// Appends the photos directly in `folder` to `list`, in no order, and notes the folders in it.
    mutating func visit(_ folder: PhotoPath, list: inout PhotoList) throws(FaceImageError) {
        guard let stream = folder.withCString({ opendir($0) }) else { throw FileBuffer.failure(errno).at(folder) }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw FileBuffer.failure(errno).at(folder) }
        let identity = Identity(device: UInt64(status.st_dev), file: UInt64(status.st_ino))
        guard seen.insert(identity).inserted else { return }

        let prefix = folder.bytes.last == .slash ? Array(folder.bytes) : folder.bytes + [.slash]
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            // Also leaves out "." and "..".
            if name.first != .dot {
                try sortIn(prefix: prefix, name: name, type: entry.pointee.d_type, folder: stream, list: &list)
            }
            errno = 0
        }
        guard errno == 0 else { throw FileBuffer.failure(errno).at(folder) }
    }

    private mutating func sortIn(
        prefix: [UInt8], name: [UInt8], type: UInt8, folder: OpaquePointer, list: inout PhotoList
    ) throws(FaceImageError) {
        let isPhoto = PhotoPath.hasSuffix(name, in: PhotoList.photoSuffixes)
        switch Int(type) {
        case Int(DT_REG):
            if isPhoto { list.append(prefix + name) }
        case Int(DT_DIR):
            folders.append(PhotoPath(bytes: prefix + name))
        case Int(DT_LNK), Int(DT_UNKNOWN):
            let path = PhotoPath(bytes: prefix + name)
            var status = stat()
            let known = path.withCString { stat($0, &status) } == 0
            if known && status.st_mode & S_IFMT == S_IFDIR {
                var own = stat()
                let isLink = path.withCString { lstat($0, &own) } != 0 || own.st_mode & S_IFMT == S_IFLNK
                if isLink { links.append(path) } else { folders.append(path) }
            } else if isPhoto {
                // A link to nothing stays: it fails by its name when it is decoded.
                list.append(path.bytes)
            }
        default: break
        }
    }
}
