package import NativeLibraries

extension LibrarySearch {
    /// Where NVIDIA's runtime compiler is looked for.
    ///
    /// - Parameters:
    ///   - path: a file or folder that must be used, if anyone named one.
    ///   - source: who named it, for messages.
    /// - Returns: a search for NVRTC.
    package static func nvrtc(path: String? = nil, source: String = "the configuration") -> LibrarySearch {
        LibrarySearch(
            name: "NVIDIA's runtime compiler (NVRTC)", explicitPath: path, explicitSource: source,
            environmentVariable: "NVRTC_LIBRARY", fileNames: ["libnvrtc.so.13", "libnvrtc.so.12"],
            pipFolders: ["nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib"],
            mend: "pip install 'nvidia-cuda-nvrtc==13.0.*' (needed to build engines of our own, not to run them)")
    }
}
