package import NativeLibraries

extension LibrarySearch {
    /// Where NVIDIA's driver library is looked for: by the loader's own rules, unless a path is given.
    ///
    /// - Parameters:
    ///   - path: A file or folder that must be used, if anyone named one.
    ///   - source: Who named it, for messages.
    /// - Returns: A search for libcuda.
    package static func cuda(path: String? = nil, source: String = "the configuration") -> LibrarySearch {
        LibrarySearch(
            name: "NVIDIA's driver library (libcuda)", explicitPath: path, explicitSource: source,
            fileNames: ["libcuda.so.1"],
            mend: "install \(CUDAVersion.minimum.driverPhrase); containers need `--gpus all`")
    }

    /// Where NVIDIA's management library is looked for.
    ///
    /// - Parameter path: A file or folder that must be used, if anyone named one.
    /// - Returns: A search for NVML.
    package static func nvml(path: String? = nil) -> LibrarySearch {
        LibrarySearch(
            name: "NVIDIA's management library (NVML)", explicitPath: path, explicitSource: "the configuration",
            fileNames: ["libnvidia-ml.so.1"], mend: "it comes with the NVIDIA driver")
    }
}
