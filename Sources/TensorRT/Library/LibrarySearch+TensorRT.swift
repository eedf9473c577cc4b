internal import Glibc
package import NativeLibraries

extension LibrarySearch {
    /// What TensorRT is wanted for: a run-only library is good enough for running.
    package enum TensorRTPurpose: Sendable {
        case building, running
    }

    /// Where `libnvinfer` is looked for. The names of versions that can't be driven come last, so that they are reported
    /// rather than overlooked.
    ///
    /// - Parameters:
    ///   - purpose: Running takes the lean and dispatch runtimes as well, after the full library.
    ///   - path: A file or folder that must be used, if anyone named one.
    ///   - source: Who named it, for messages.
    /// - Returns: A search for `TensorRTLibrary.load`.
    package static func tensorRT(
        for purpose: TensorRTPurpose = .running, path: String? = nil, source: String = "the configuration"
    ) -> LibrarySearch {
        let full = ["libnvinfer.so.11", "libnvinfer.so.10", "libnvinfer.so.8", "libnvinfer.so"]
        let runOnly = ["lean", "dispatch"].flatMap { kind in
            ["11", "10", "8"].map { "libnvinfer_\(kind).so.\($0)" }
        }
        let refused = ["libnvinfer.so.9", "libnvinfer.so.7"]
        return LibrarySearch(
            name: "TensorRT", explicitPath: path, explicitSource: source,
            fileNames: purpose == .building ? full + refused : full + runOnly + refused,
            pipFolders: ["tensorrt_libs", "tensorrt", "tensorrt_lean_libs", "tensorrt_dispatch_libs"],
            mend: "install TensorRT 10 or 11, or 8.6: `apt-get install libnvinfer10 libnvonnxparsers10` from NVIDIA's "
                + "repository, `pip install tensorrt`, or a container from nvcr.io/nvidia/tensorrt")
    }

    /// The same search with the libraries of a major version before all others.
    package func preferring(major: Int) -> LibrarySearch {
        var search = self
        search.fileNames =
            fileNames.filter { Self.isFile($0, ofMajor: major) }
            + fileNames.filter { !Self.isFile($0, ofMajor: major) }
        return search
    }

    /// Whether a file's name says that it is of a major version, as `libnvinfer.so.10` and `libnvinfer.so.10.3.0` do.
    static func isFile(_ path: String, ofMajor major: Int) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasSuffix(".so.\(major)") || name.contains(".so.\(major).")
    }

    /// A path without symbolic links; itself where nothing is there.
    static func realPath(_ path: String) -> String {
        guard let text = realpath(path, nil) else { return path }
        defer { free(text) }
        return String(cString: text)
    }

    /// The same search without the libraries that can only run engines.
    package var withoutRunOnly: LibrarySearch {
        var search = self
        search.fileNames.removeAll { $0.contains("nvinfer_lean") || $0.contains("nvinfer_dispatch") }
        return search
    }

    /// Where `libtensorrt_rtx` is looked for.
    ///
    /// - Parameters:
    ///   - path: A file or folder that must be used, if anyone named one.
    ///   - source: Who named it, for messages.
    /// - Returns: A search for `TensorRTLibrary.load`.
    package static func tensorRTRTX(path: String? = nil, source: String = "the configuration") -> LibrarySearch {
        LibrarySearch(
            name: "TensorRT-RTX", explicitPath: path, explicitSource: source, fileNames: ["libtensorrt_rtx.so.1"],
            pipFolders: ["onnxruntime_ep_nv_tensorrt_rtx", "tensorrt_rtx_libs", "tensorrt_rtx"],
            mend:
                "install TensorRT-RTX 1.5 or newer: `pip install onnxruntime-ep-nv-tensorrt-rtx-cu13`, or the archive "
                + "from developer.nvidia.com/tensorrt-rtx")
    }
}
