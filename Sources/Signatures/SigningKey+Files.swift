internal import Foundation
internal import Glibc

extension SigningKey {
    /// Longer than any file of a key.
    private static let longestFile = 4096

    /// Reads a key's file, which nobody but its owner may read.
    ///
    /// - Throws: `unreadable`, `exposed`, `malformedKey`.
    package static func reading(_ path: String) throws(SignatureError) -> SigningKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .system(.unreadable, "the private key can't be read", at: path, mend: "check the path")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SignatureError(.unreadable, "this is no file", at: path, mend: "name the file of a private key")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SignatureError(
                .exposed, "others than its owner may read this private key", at: path, mend: "chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: longestFile)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            throw .system(.unreadable, "the private key can't be read", at: path, mend: "check the file")
        }
        return try SigningKey(text: String(decoding: bytes.prefix(count), as: UTF8.self), location: path)
    }

    /// Writes the key to a new file that only its owner may read.
    ///
    /// - Throws: `unwritable`, also if the file is there already: a key that is lost can't be had again.
    package func write(to path: String) throws(SignatureError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(
                .unwritable, "the private key can't be written", at: path,
                mend: errno == EEXIST ? "choose another path; a key is never replaced" : "choose another path")
        }
        defer { close(descriptor) }
        let text = Array((secretText() + "\n").utf8)
        guard Glibc.write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
            let error = SignatureError.system(
                .unwritable, "the private key can't be written", at: path, mend: "free some space")
            unlink(path)
            throw error
        }
    }
}
