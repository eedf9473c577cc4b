package import NativeLibraries

extension LibrarySearch {
    /// Where `libonnxruntime` is looked for.
    ///
    /// - Parameters:
    ///   - path: A file or folder that must be used, if anyone named one.
    ///   - source: Who named it, for messages.
    /// - Returns: A search for any release; how old it may be is checked after loading.
    package static func onnxRuntime(path: String? = nil, source: String = "the configuration") -> LibrarySearch {
        LibrarySearch(
            name: "ONNX Runtime",
            explicitPath: path,
            explicitSource: source,
            environmentVariable: nil,
            fileNames: ["libonnxruntime.so.1", "libonnxruntime.so"],
            pipFolders: ["onnxruntime/capi"],
            mend: "install it with `pip install onnxruntime`, or set onnxruntime.library_path")
    }
}
