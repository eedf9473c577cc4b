extension PreparedModel {
    /// What an 8-bit model says about its making in its metadata.
    package struct Int8Record: Sendable, Equatable {
        /// For which runtime it was written.
        package var target: Int8Target
        /// How thresholds were found.
        package var method: CalibrationMethod
        /// The faces they were found on: how many, and their digest.
        package var faces: String
        /// The agreement with float32 on faces that were held out.
        package var agreement: String
        /// Units that stay in float32, by the names of their outputs.
        package var kept: [String]

        /// What to say; see the properties.
        package init(
            target: Int8Target, method: CalibrationMethod, faces: String, agreement: String, kept: [String]
        ) {
            self.target = target
            self.method = method
            self.faces = faces
            self.agreement = agreement
            self.kept = kept
        }
    }

    /// The faces that an int8 model was calibrated on: how many, and the digest of graph and faces; nil for others.
    package var calibration: String? { precision == .int8 ? model[metadata: Self.facesKey] : nil }

    private static let facesKey = "arcface.int8_faces"

    /// The model with an 8-bit graph made from its own.
    ///
    /// - Parameters:
    ///   - quantized: what `Int8Builder` wrote.
    ///   - record: how it was made.
    ///   - notes: what was done, for people.
    /// - Returns: the int8 model, which says about itself what `record` says.
    package func quantized(_ quantized: Model, _ record: Int8Record, notes: [PassNote]) -> PreparedModel {
        var model = quantized
        model[metadata: "arcface.int8_target"] = record.target.rawValue
        model[metadata: "arcface.int8_method"] = record.method.rawValue
        model[metadata: Self.facesKey] = record.faces
        model[metadata: "arcface.int8_agreement"] = record.agreement
        model[metadata: Self.keptKey] = record.kept.isEmpty ? nil : record.kept.joined(separator: "\n")
        return replacing(model, precision: .int8, notes: notes)
    }
}
