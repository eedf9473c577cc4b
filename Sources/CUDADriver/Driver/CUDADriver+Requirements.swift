extension CUDADriver {
    /// Makes sure that a library built with a version of CUDA can run on this driver.
    ///
    /// Since CUDA 11 a library runs on every driver of the same major version or a newer one ("minor version
    /// compatibility"); CUDA 12.x needs driver 525, CUDA 13.x driver 580.
    ///
    /// - Parameters:
    ///   - builtFor: The CUDA version that the library was built with.
    ///   - name: The library, for the message, such as `TensorRT 11.4.0`.
    /// - Throws: `CUDAError` with code `.driverTooOld`.
    package func require(_ builtFor: CUDAVersion, for name: String) throws(CUDAError) {
        let needed = CUDAVersion(builtFor.major, 0)
        guard version < needed else { return }
        throw CUDAError(
            code: .driverTooOld,
            what: "\(name) is built for CUDA \(builtFor), but the NVIDIA driver serves CUDA \(version) only",
            where: path, mend: "install \(needed.driverPhrase), or a build of \(name) for CUDA \(version.major)")
    }
}
