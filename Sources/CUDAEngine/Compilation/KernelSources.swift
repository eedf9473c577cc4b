internal import CCUDAEngine

/// The kernels' sources, which are part of the program.
package enum KernelSources {
    /// A file of `Kernels/`.
    package struct File: Sendable, Hashable {
        package var name: String
        package var text: String
    }

    /// All files, sorted by name.
    package static let files: [File] = (0..<cce_source_count()).map { index in
        let source = cce_source_at(index)
        return File(name: String(cString: source.name), text: String(cString: source.text))
    }

    /// What kernels include.
    static let headers = files.filter { $0.name.hasSuffix(".cuh") }

    /// The source of the kernel of that name.
    static func text(of kernel: String) -> String? { files.first { $0.name == "\(kernel).cu" }?.text }
}
