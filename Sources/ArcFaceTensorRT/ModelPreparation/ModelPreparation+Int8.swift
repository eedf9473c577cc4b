import ONNXModel

extension ModelPreparation {
    /// Makes a float32 graph int8.
    ///
    /// - Throws: `ArcFaceError`; `configuration` if no faces are named.
    func quantized(_ source: PreparedModel) throws(ArcFaceError) -> Converted {
        guard options.calibration != nil else {
            throw ArcFaceError(
                .configuration, "int8 needs ranges that are measured on faces", at: "--precision int8",
                mend: "name a folder of photos or aligned faces: --calibration-faces PATH")
        }
        throw ArcFaceError(
            .unavailable, "writing int8 is not part of this version", at: "--precision int8", mend: "use fp16 or fp32")
    }
}
