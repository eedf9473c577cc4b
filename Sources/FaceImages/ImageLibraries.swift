import CSPNG
import Glibc

/// An image library that this build is linked with.
package struct ImageLibrary: Sendable {
    package let name: String
    package let version: String
    /// The file that the loader took.
    package let path: String
}

/// What is known of the linked image libraries, for `doctor`.
package enum ImageLibraries {
    package static var linked: [ImageLibrary] {
        let turbo = mappedFile(named: "libturbojpeg")
        let spng = mappedFile(named: "libspng")
        return [
            // TurboJPEG's interface has no call for its version; its file name holds the interface's.
            ImageLibrary(
                name: "TurboJPEG", version: turbo?.split(separator: ".so.").last.map(String.init) ?? "linked",
                path: turbo ?? "linked statically"),
            ImageLibrary(
                name: "libspng", version: String(cString: spng_version_string()), path: spng ?? "linked statically"),
        ]
    }

    /// The file of a library in this process's memory.
    private static func mappedFile(named name: String) -> String? {
        guard let maps = fopen("/proc/self/maps", "r") else { return nil }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), maps) != nil {
            let text = String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.contains("/\(name)"), let slash = text.firstIndex(of: "/") { return String(text[slash...]) }
        }
        return nil
    }
}
