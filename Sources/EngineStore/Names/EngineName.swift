/// The name that users know an engine by: `{model}-{precision}-{sm}.plan`.
///
/// `arcface_r100-fp16-sm86.plan` for TensorRT, `arcface_r100-fp16-rtx.plan` for TensorRT-RTX,
/// `arcface_r100-fp16-sm90.cuda.plan` for the CUDA engine. A name is one component of a path and never leads elsewhere.
package struct EngineName: Hashable, Sendable, CustomStringConvertible {
    /// 1 to 128 ASCII letters, digits, dots, hyphens and underscores, not starting with a dot or a hyphen, without `..`.
    package let model: String
    /// The number format.
    package let precision: EnginePrecision
    /// The runtime and the GPU.
    package let target: EngineTarget

    /// Makes a name.
    ///
    /// - Throws: `invalidName` if the model's name or the compute capability can't be part of one.
    package init(model: String, precision: EnginePrecision, target: EngineTarget) throws(EngineStoreError) {
        guard Self.isModelName(model) else {
            throw EngineStoreError(
                .invalidName, "this can't be a model's name", at: "`\(model.prefix(160))`",
                mend:
                    "use up to 128 letters, digits, single dots, hyphens and underscores, starting with a letter or digit"
            )
        }
        if let sm = target.sm, !EngineTarget.capabilities.contains(sm) {
            throw EngineStoreError(
                .invalidName, "\(sm) is no compute capability", at: model, mend: "write 86 for compute capability 8.6")
        }
        self.model = model
        self.precision = precision
        self.target = target
    }

    /// Reads a plan's file name; a folder in front of it is not allowed.
    ///
    /// - Throws: `invalidName` if this isn't the name of an engine.
    package init(fileName: String) throws(EngineStoreError) {
        func refused(_ what: String) -> EngineStoreError {
            EngineStoreError(
                .invalidName, what, at: "`\(fileName.prefix(300))`",
                mend: "engines are named {model}-{precision}-{sm}.plan, such as arcface_r100-fp16-sm86.plan")
        }
        guard fileName.hasSuffix(Self.suffix) else { throw refused("an engine's file name ends in .plan") }
        var stem = fileName.dropLast(Self.suffix.count)
        let isCUDA = stem.hasSuffix(".cuda")
        if isCUDA { stem = stem.dropLast(".cuda".count) }
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let place = parts.last,
            let precision = EnginePrecision(rawValue: String(parts[parts.count - 2]))
        else { throw refused("this isn't an engine's file name") }
        let target: EngineTarget
        if place == "rtx", !isCUDA {
            target = .tensorrtRTX
        } else if let sm = Self.capability(place) {
            target = isCUDA ? .cuda(sm: sm) : .tensorrt(sm: sm)
        } else {
            throw refused("`\(place)` is neither a compute capability such as sm86 nor rtx")
        }
        try self.init(model: parts.dropLast(2).joined(separator: "-"), precision: precision, target: target)
    }

    /// How every plan's file name ends.
    package static let suffix = ".plan"

    /// The plan's file name.
    package var fileName: String {
        let place =
            switch target {
            case .tensorrt(let sm): "sm\(sm)"
            case .tensorrtRTX: "rtx"
            case .cuda(let sm): "sm\(sm).cuda"
            }
        return "\(model)-\(precision.rawValue)-\(place)\(Self.suffix)"
    }

    /// The manifest's file name, beside the plan.
    package var manifestFileName: String { Self.manifestFileName(of: fileName) }

    /// The name of the file that builders lock.
    package var lockFileName: String { ".\(fileName).lock" }

    package var description: String { fileName }

    /// The name of the manifest that belongs to a plan.
    package static func manifestFileName(of planFileName: String) -> String { planFileName + ".json" }

    /// Whether a model may be called this.
    package static func isModelName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...128).contains(bytes.count), let first = bytes.first, first != UInt8(ascii: "."),
            first != UInt8(ascii: "-"), !text.contains("..")
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// `sm86` as 86; only the spelling that `fileName` writes, so that no two names mean the same engine.
    private static func capability(_ text: Substring) -> Int? {
        guard text.hasPrefix("sm"), let sm = Int(text.dropFirst(2)), EngineTarget.capabilities.contains(sm),
            text == "sm\(sm)"
        else { return nil }
        return sm
    }
}
