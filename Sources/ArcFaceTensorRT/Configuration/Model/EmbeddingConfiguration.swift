/// `embedding`: which backend computes embeddings, and what happens when it can't.
public struct EmbeddingConfiguration: Sendable, Equatable {
    /// `embedding.backend`. A named backend that can't run is an error; only `auto` looks for another.
    public var backend: Backend
    /// `embedding.fallback`: what runs while `arcface_tensorrt.enabled` is false. Never `auto`, and then never a
    /// backend that needs NVIDIA libraries.
    public var fallback: Backend
    /// `embedding.require_gpu`: whether computing on the CPU is an error instead of a warning.
    public var requireGPU: Bool
    /// `embedding.auto_build`: what happens where an engine would be run and none fits.
    public var autoBuild: AutoBuild
    /// `embedding.calibration_faces`: photos, a folder or a list file on which int8 is calibrated where a model has to be made int8
    /// first; nil refuses to.
    public var calibrationFaces: String?

    /// Makes the settings; what isn't given has its default.
    public init(
        backend: Backend = .auto, fallback: Backend = .pyTorch, requireGPU: Bool = false,
        autoBuild: AutoBuild = .foreground, calibrationFaces: String? = nil
    ) {
        self.backend = backend
        self.fallback = fallback
        self.requireGPU = requireGPU
        self.autoBuild = autoBuild
        self.calibrationFaces = calibrationFaces
    }
}
