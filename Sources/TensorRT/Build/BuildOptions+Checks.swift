internal import CTensorRT

extension BuildOptions {
    /// Makes sure that the values make sense and that the library has what is asked for.
    ///
    /// - Throws: `TensorRTError` with code `.unsupportedOption`.
    func check(for library: TensorRTLibrary) throws(TensorRTError) {
        func refuse(_ what: String, _ mend: String) -> TensorRTError {
            TensorRTError(.unsupportedOption, what, at: library.name, mend: mend)
        }
        for profile in profiles where !profile.isOrdered {
            throw refuse(
                "batches of \(profile.minimum), \(profile.optimum), \(profile.maximum) are no profile",
                "give 1 ≤ minimum ≤ optimum ≤ maximum")
        }
        if let level = optimizationLevel, !(0...5).contains(level) {
            throw refuse("there is no optimization level \(level)", "give 0 to 5")
        }
        if let bytes = workspaceByteCount, bytes < 0 {
            throw refuse("a workspace of \(bytes) bytes makes no sense", "give a positive number")
        }
        if let threads = maxThreads, !(1...Int(Int32.max)).contains(threads) {
            throw refuse("\(threads) threads make no sense", "give 1 or more")
        }
        let can = library.capabilities
        if !precisions.isEmpty && !can.precisionIsAnOption {
            throw refuse(
                "precision is no builder option", "write it into the network: float16 casts, or Q/DQ pairs for int8")
        }
        if !computeCapabilities.isEmpty && !can.choosesComputeCapabilities {
            throw refuse(
                "compute capabilities can't be chosen", "only TensorRT-RTX has them; use hardware compatibility")
        }
        if let wrong = computeCapabilities.first(where: { !(1...Int(Int32.max)).contains($0) }) {
            throw refuse("\(wrong) is no compute capability", "give 86 for 8.6, 120 for 12.0")
        }
        try checkCompatibility(of: library, refuse)
    }

    private func checkCompatibility(
        of library: TensorRTLibrary, _ refuse: (String, String) -> TensorRTError
    ) throws(TensorRTError) {
        if hardwareCompatibility != .none && library.flavour == .rtx {
            throw refuse(
                "there is no hardware compatibility to choose",
                "its engines run on every RTX GPU they are built for; "
                    + "choose with `--compute-capability`")
        }
        if isVersionCompatible && library.flavour == .rtx {
            // Its builder would look for a lean runtime, which doesn't exist.
            throw refuse("engines are for one version only", "build again after an update")
        }
        if hardwareCompatibility == .sameComputeCapability && library.version.major == 8 {
            throw refuse(
                "engines for the same compute capability came with TensorRT 10", "use `none` or `ampere+`")
        }
    }
}
