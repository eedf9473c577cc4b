internal import Glibc

/// A shared library that was opened at run time, and the one owner of its handle: it is closed with the last reference.
///
/// Addresses that `symbol(_:)` gave out are valid only while this object lives.
package final class NativeLibrary: Sendable {
    /// The real path of the file that the loader mapped, symbolic links resolved where possible.
    package let path: String
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    /// Opens one library, all its symbols resolved at once and none of them visible to other libraries.
    ///
    /// - Parameter name: A path, or a bare file name for the loader to find by its own rules.
    /// - Throws: `NativeLibraryError` with the loader's own words.
    package init(opening name: String) throws(NativeLibraryError) {
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw NativeLibraryError(
                code: .unusable, library: name, attempts: [.init(place: name, outcome: Self.loaderMessage(about: name))]
            )
        }
        self.handle = handle
        let mapped = Self.mappedPath(of: handle) ?? name
        path = FilePaths.resolved(mapped) ?? mapped
    }

    deinit {
        dlclose(handle)
    }

    /// The address of an exported symbol.
    ///
    /// - Throws: `NativeLibraryError` with code `.symbolMissing` when the library exports no such name.
    package func symbol(_ name: String) throws(NativeLibraryError) -> UnsafeMutableRawPointer {
        guard let address = dlsym(handle, name) else {
            throw NativeLibraryError(
                code: .symbolMissing(name), library: path,
                attempts: [.init(place: path, outcome: "exports no `\(name)`")])
        }
        return address
    }

    /// What went wrong in the last call of this thread, without the file's name at its front.
    private static func loaderMessage(about name: String) -> String {
        guard let text = dlerror() else { return "the loader gave no reason" }
        let message = String(cString: text)
        let prefix = name + ": "
        return message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
    }

    private static func mappedPath(of handle: UnsafeMutableRawPointer) -> String? {
        // Glibc's headers show `dlinfo` under a feature macro only that Swift doesn't set; the function is there.
        guard let address = dlsym(nil, "dlinfo") else { return nil }
        let dlinfo = unsafeBitCast(address, to: LoaderQuestion.self)
        let linkMapRequest: CInt = 2  // RTLD_DI_LINKMAP
        var map: UnsafeMutablePointer<LinkMapHead>?
        let status = withUnsafeMutablePointer(to: &map) { dlinfo(handle, linkMapRequest, $0) }
        guard status == 0, let name = map?.pointee.name, name.pointee != 0 else { return nil }
        return String(cString: name)
    }
}

private typealias LoaderQuestion =
    @convention(c) (UnsafeMutableRawPointer, CInt, UnsafeMutableRawPointer) -> CInt

/// The first two fields of the loader's `link_map`, a layout that is part of the System V ABI.
private struct LinkMapHead {
    var address: UInt
    var name: UnsafeMutablePointer<CChar>?
}
