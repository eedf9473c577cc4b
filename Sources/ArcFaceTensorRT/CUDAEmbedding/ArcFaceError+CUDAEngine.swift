import CUDAEngine

extension ArcFaceError {
    /// An error of our own engine, told in the facade's terms.
    init(_ error: CUDAEngineError) {
        let code: Code =
            switch error.code {
            case .unsupportedGPU, .compilerUnavailable: .unavailable
            case .unsupportedOperator, .unusableWeights, .engineDamaged, .engineOfOtherVersion, .engineForOtherGPU:
                .modelUnusable
            case .compilationFailed, .cancelled: .runtimeFailed
            case .invalidArgument: .invalidInput
            }
        self.init(code, error.description)
    }
}

extension GPUFailure {
    init(_ error: ResidentEngine.Failure) {
        switch error {
        case .engine(let error): self.init(ArcFaceError(error))
        case .driver(let error): self.init(error)
        }
    }
}
