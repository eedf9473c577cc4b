package import NativeLibraries

/// Why the GPU, its driver, or a call to it failed.
package struct CUDAError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// libcuda isn't there, or can't be opened.
        case libraryUnavailable
        /// The driver is older than what is asked of it.
        case driverTooOld
        /// The driver runs but has no GPU to offer.
        case noDevice
        /// The driver's parts don't fit each other, or it can't start for another reason.
        case driverFailed
        /// A GPU was asked for by a number or name that doesn't exist.
        case unknownDevice
        /// No room for an allocation on the GPU or in pinned host memory.
        case outOfMemory
        /// The context is broken for good, by a kernel's fault or the hardware's: every later call on it fails, and
        /// only a new process (or `CUDAContext`s that are all freed and made anew) gets further.
        case deviceLost
        /// The caller's own mistake, found before the driver was asked or told by it.
        case invalidArgument
        /// The driver can't use a module: wrong architecture, PTX that doesn't compile, or a function that isn't there.
        case moduleRejected
        /// Something was done during a stream's capture that can't be captured.
        case captureFailed
        /// The driver or the GPU doesn't have this ability.
        case unsupported
        /// Any other failure of a call.
        case callFailed
    }

    package var code: Code
    /// What failed and why.
    package var what: String
    /// The GPU (`GPU 0 (NVIDIA H100)`), or the library's path.
    package var `where`: String
    /// What to do about it; empty where nothing general can be said.
    package var mend: String
    /// The driver's function that failed, such as `cuMemAlloc_v2`.
    package var call: String?
    /// The driver's own result, such as 2.
    package var result: Int32?
    /// The driver's own name for it, such as `CUDA_ERROR_OUT_OF_MEMORY`.
    package var resultName: String?
    /// Where the library was looked for.
    package var nativeLibraryError: NativeLibraryError?

    package init(
        code: Code, what: String, where: String, mend: String = "", call: String? = nil, result: Int32? = nil,
        resultName: String? = nil, nativeLibraryError: NativeLibraryError? = nil
    ) {
        self.code = code
        self.what = what
        self.where = `where`
        self.mend = mend
        self.call = call
        self.result = result
        self.resultName = resultName
        self.nativeLibraryError = nativeLibraryError
    }

    /// Whether every later call on the same context fails as well.
    package var isSticky: Bool { code == .deviceLost }

    /// One line: where, what, and the mend.
    package var description: String {
        [`where`.isEmpty ? what : "\(`where`): \(what)", mend].filter { !$0.isEmpty }.joined(separator: "; ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
