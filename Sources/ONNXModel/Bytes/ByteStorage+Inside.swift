import Glibc

extension ByteStorage {
    /// Maps the file that a model names in its own folder. Nothing outside can be reached: absolute paths, `..` and
    /// symbolic links are refused.
    ///
    /// - Throws: `externalData` with what is wrong with the name, `unreadableFile` with the system's reason.
    static func map(_ location: String, inside folder: String) throws(ONNXModelError) -> ByteStorage {
        let parts = location.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard !location.hasPrefix("/"), !location.contains("\0"), !parts.contains(""), !parts.contains("."),
            !parts.contains("..")
        else {
            throw refused("this name leaves the model's folder, or names no file")
        }
        var descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (place, part) in parts.enumerated() where descriptor >= 0 {
            let isLast = place == parts.count - 1
            // No link on the way either; and a named pipe must not make us wait.
            let next = openat(
                descriptor, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (isLast ? O_NONBLOCK : O_DIRECTORY))
            let reason = errno
            close(descriptor)
            errno = reason
            descriptor = next
        }
        guard descriptor >= 0 else {
            throw refused(errno == ELOOP || errno == ENOTDIR ? "this is a link, which is not followed" : systemReason())
        }
        defer { close(descriptor) }
        return try map(descriptor: descriptor, path: location)
    }

    private static func refused(_ what: String) -> ONNXModelError {
        ONNXModelError(.externalData, what, mend: "put the file into the model's folder")
    }
}
