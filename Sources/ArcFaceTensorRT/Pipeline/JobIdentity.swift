import CZlib
import Foundation

/// What must be equal for a job to be continued: everything that changes a row. Threads and batch size don't.
enum JobIdentity {
    static func text(
        options: EmbedJob.Options, configuration: ArcFaceConfiguration, information: EmbedderInformation
    ) throws(ArcFaceError) -> String {
        let detection = configuration.detection
        let faces =
            if options.aligned {
                "aligned"
            } else if let landmarks = options.landmarksPath {
                "landmarks \(try fingerprint(of: landmarks))"
            } else {
                "detected with score \(detection.minScore) nms \(detection.nmsThreshold) side \(detection.maxSide) "
                    + "top \(detection.topK) \(options.largestOnly ? "largest" : "all")"
            }
        // PyTorch computes in several ways, of which two share a precision.
        let mode = information.backend == Backend.pyTorch.rawValue ? " \(configuration.pyTorch.mode.rawValue)" : ""
        let backend: String
        let file: String
        let precision: String
        if configuration.isEnabled, configuration.effectiveAutoBuild == .background,
            [.auto, .tensorRT, .tensorRTRTX].contains(configuration.embedding.backend)
        {
            // Rows of the engine and of what embeds until it is there may stand side by side.
            (backend, file) = (
                "\(configuration.embedding.backend.rawValue), built meanwhile", configuration.tensorRT.onnxPath
            )
            precision = configuration.tensorRT.precision.rawValue
        } else {
            (backend, file, precision) = (information.backend, information.modelPath, information.precision.rawValue)
        }
        let calibration = information.calibration.map { " calibrated on \($0)" } ?? ""
        let model = "\(try fingerprint(of: file)) \(precision)\(calibration)"
        return "model \(model) backend \(backend)\(mode) input "
            + "\(information.preprocessing) faces \(faces) pixels \(configuration.input.maxPixels)"
    }

    /// Size and CRC-32 of a file: enough to notice another model by mistake; nothing here defends against forgery.
    private static func fingerprint(of path: String) throws(ArcFaceError) -> String {
        var checksum: uLong = 0
        var size = 0
        try FileContents(path: path).forEachChunk { (chunk) throws(ArcFaceError) in
            checksum = crc32_z(checksum, chunk.bindMemory(to: UInt8.self).baseAddress, chunk.count)
            size += chunk.count
        }
        return "\(size)-" + String(checksum, radix: 16)
    }
}
