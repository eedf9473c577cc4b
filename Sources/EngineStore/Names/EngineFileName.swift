package import Digests

/// The file name of a plan in a folder: the friendly name, or the friendly name with twelve digits of the identity for an
/// engine that has made room for a namesake: `arcface_r100-fp16-sm86.3fa9c2d1e0ab.plan`.
package struct EngineFileName: Hashable, Sendable, CustomStringConvertible {
    /// The friendly name.
    package let name: EngineName
    /// The first twelve digits of the identity; nil for the engine that has the friendly name for itself.
    package let tag: String?

    /// The friendly name itself.
    package init(_ name: EngineName) {
        self.name = name
        tag = nil
    }

    /// The name of an engine that makes room.
    package init(_ name: EngineName, identity: Digest) {
        self.name = name
        tag = identity.short
    }

    /// Reads a plan's file name.
    ///
    /// - Throws: `invalidName`.
    package init(_ fileName: String) throws(EngineStoreError) {
        let stem = fileName.dropLast(EngineName.suffix.count)
        if fileName.hasSuffix(EngineName.suffix), let dot = stem.lastIndex(of: ".") {
            let tag = stem[stem.index(after: dot)...]
            if tag.utf8.count == 12, tag.allSatisfy({ $0.isHexDigit && !$0.isUppercase && $0.isASCII }) {
                self.init(try EngineName(fileName: stem[..<dot] + EngineName.suffix), tag: String(tag))
                return
            }
        }
        self.init(try EngineName(fileName: fileName))
    }

    private init(_ name: EngineName, tag: String) {
        self.name = name
        self.tag = tag
    }

    /// The plan's file name.
    package var description: String {
        guard let tag else { return name.fileName }
        return "\(name.fileName.dropLast(EngineName.suffix.count)).\(tag)\(EngineName.suffix)"
    }

    /// The manifest's file name.
    package var manifest: String { EngineName.manifestFileName(of: description) }

    /// The name of the file that says that the engine must stay.
    package var pin: String { ".\(description).pin" }

    /// The name of the file with the kernels that were compiled when the engine ran.
    package var runtimeCache: String { "\(description).runtime-cache" }

    /// Whether an engine with this manifest may go by this name.
    func fits(_ manifest: EngineManifest) throws(EngineStoreError) -> Bool {
        guard try manifest.name() == name else { return false }
        guard let tag else { return true }
        return try manifest.identity().short == tag
    }
}
