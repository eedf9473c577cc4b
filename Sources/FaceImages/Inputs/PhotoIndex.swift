/// The photos of a folder by the names that other files call them.
package struct PhotoIndex: Sendable {
    private let list: PhotoList
    /// By the path below the folder, with and without its suffix.
    private var byPath: [String: Int] = [:]
    /// By the file's name without its suffix; all photos of that name.
    private var byName: [String: [Int]] = [:]

    /// Finds the photos below a folder; none is opened.
    ///
    /// - Throws: `FaceImageError` when the folder is missing or holds no photos.
    package init(folder: String) throws(FaceImageError) {
        list = try PhotoList.expand(paths: [folder])
        let prefix = folder.utf8.count + (folder.utf8.last == .slash ? 0 : 1)
        for place in 0..<list.count {
            let path = list[place]
            let relative = String(decoding: path.bytes.dropFirst(prefix), as: UTF8.self)
            let bare = relative.withoutSuffix
            byPath[relative] = place
            if byPath[bare] == nil { byPath[bare] = place }
            byName[bare.lastComponent, default: []].append(place)
        }
    }

    /// The photo called `name`: a path below the folder, with or without its suffix, or the bare name of a file in any
    /// folder below it.
    ///
    /// - Returns: the path; nil if there is none.
    /// - Throws: `FaceImageError` with code `.malformed` for a bare name that several files have.
    package func path(of name: String) throws(FaceImageError) -> PhotoPath? {
        if let place = byPath[name] { return list[place] }
        guard !name.contains("/") else { return nil }
        let named = byName[name] ?? byName[name.withoutSuffix] ?? []
        guard named.count < 2 else {
            throw FaceImageError(
                .malformed, what: "'\(name)' may be \(list[named[0]]) or \(list[named[1]])",
                mend: "name photos by their paths below the folder")
        }
        return named.first.map { list[$0] }
    }
}

extension String {
    /// Without the suffix that photos have, if it has one.
    fileprivate var withoutSuffix: String {
        guard PhotoPath(self).hasSuffix(in: PhotoList.photoSuffixes), let dot = lastIndex(of: ".") else { return self }
        return String(self[..<dot])
    }

    fileprivate var lastComponent: String {
        split(separator: "/").last.map(String.init) ?? self
    }
}
