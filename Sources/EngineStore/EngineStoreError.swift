package import Digests
internal import Glibc

/// Why an engine couldn't be named, found, read, trusted or stored. `description` is one line: where, what, the mend.
package struct EngineStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure; callers that react to one compare `code`. More may be added.
    package enum Code: String, Sendable {
        /// A model or file name that no engine may have: `..`, a slash, an unknown ending.
        case invalidName
        /// The folder doesn't exist, isn't one, or can't be opened.
        case folderUnusable
        /// A symbolic link, a folder, a pipe where a file should be.
        case notRegularFile
        /// Opening or reading failed.
        case unreadable
        /// Creating, writing, renaming or deleting failed for want of permission or because of the device.
        case unwritable
        /// The disk, the quota or the file-size limit is full.
        case noSpace
        /// There is no plan of this name.
        case planMissing
        /// A plan lies there without its manifest: an unfinished write, or a file from elsewhere.
        case manifestMissing
        /// The manifest isn't the JSON that a manifest is.
        case manifestMalformed
        /// The manifest is of a newer format than this version knows.
        case manifestUnsupported
        /// The plan's bytes aren't those that the manifest describes.
        case fileAltered
        /// The plan is larger than any engine.
        case tooLarge
        /// The file system can't lock files.
        case lockUnavailable
        /// Another process held the lock for longer than the caller would wait.
        case lockTimedOut
        /// The caller gave up waiting.
        case cancelled
        /// There is no signature, and one is required.
        case unsigned
        /// The signature isn't one of this manifest.
        case signatureInvalid
        /// The signature is right, and by somebody who isn't trusted.
        case untrustedSigner
        /// The model's licence doesn't allow this without a word from the user.
        case licenceRestricted
        /// The team's store can't be reached, or failed.
        case storeUnavailable
        /// The team's store refuses: no credentials, wrong ones, no right, no bucket.
        case storeRefused
        /// What the team's store is told to be can't be: an address, a bucket's name, a certificate's file.
        case storeMisconfigured
    }

    /// The kind of failure.
    package let code: Code
    /// What is wrong, in a few words.
    package let what: String
    /// The path or name concerned.
    package let location: String
    /// What to do about it; empty where nothing general can be said.
    package let mend: String

    /// Creates an error from its parts.
    package init(_ code: Code, _ what: String, at location: String, mend: String) {
        self.code = code
        self.what = what
        self.location = location
        self.mend = mend
    }

    package var description: String {
        let text = [location.isEmpty ? what : "\(location): \(what)", mend].filter { !$0.isEmpty }.joined(
            separator: "; ")
        return String(text.map { $0.isNewline ? " " : $0 })
    }
}

extension EngineStoreError {
    /// A failed write, told by the system's error number: a full disk is another matter than a forbidden folder.
    static func writing(_ number: Int32, _ what: String, at path: String) -> EngineStoreError {
        let reason = "\(what) (\(String(cString: strerror(number))))"
        switch number {
        case ENOSPC, EDQUOT, EFBIG:
            return EngineStoreError(
                .noSpace, reason, at: path, mend: "free some space, raise the limit, or choose another engine folder")
        case ELOOP:
            return .link(at: path)
        default:
            return EngineStoreError(
                .unwritable, reason, at: path, mend: "check the folder's permissions, or choose another engine folder")
        }
    }

    /// A failed open or read, told by the system's error number.
    static func reading(_ number: Int32, _ what: String, at path: String) -> EngineStoreError {
        if number == ELOOP { return .link(at: path) }
        return EngineStoreError(
            .unreadable, "\(what) (\(String(cString: strerror(number))))", at: path,
            mend: "check the path and its permissions")
    }

    /// A symbolic link where engines are kept: what it points at may change between check and use.
    static func link(at path: String) -> EngineStoreError {
        EngineStoreError(
            .notRegularFile, "this is a symbolic link, which is never followed in an engine folder", at: path,
            mend: "put the file itself there, or delete the link")
    }

    /// Bytes that don't hash to what the manifest says.
    package static func altered(found: Digest, expected: Digest, at path: String) -> EngineStoreError {
        EngineStoreError(
            .fileAltered, "file altered: digest \(found.short)…, its manifest says \(expected.short)…", at: path,
            mend: "build the engine again")
    }
}
