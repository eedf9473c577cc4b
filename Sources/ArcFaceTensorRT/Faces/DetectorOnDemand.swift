import FaceImages
import Foundation
import ONNXRuntime
import Synchronization

/// A face detector that is loaded when the first photo needs it: a folder of aligned crops needs none.
final class DetectorOnDemand: Sendable {
    private let make: @Sendable () throws(ArcFaceError) -> YuNetDetector
    private let made = Mutex<Result<YuNetDetector, ArcFaceError>?>(nil)

    /// - Parameter make: loads the detector; called once, on the thread that needs it first.
    init(_ make: @escaping @Sendable () throws(ArcFaceError) -> YuNetDetector) {
        self.make = make
    }

    /// The detector.
    ///
    /// - Throws: what loading it threw, each time.
    func detector() throws(ArcFaceError) -> YuNetDetector {
        let result = made.withLock { made in
            if let made { return made }
            let result = Result { () throws(ArcFaceError) in try make() }
            made = result
            return result
        }
        return try result.get()
    }

    /// Why the detector couldn't be loaded; nil if it could, or wasn't needed.
    var failure: ArcFaceError? {
        made.withLock { made in
            if case .failure(let error) = made { error } else { nil }
        }
    }
}

extension YuNetDetector {
    /// The detector that a configuration describes, in ONNX Runtime.
    ///
    /// - Throws: `ArcFaceError` if its model is missing or no YuNet.
    init(configuration: ArcFaceConfiguration, library: ONNXRuntimeLibrary) throws(ArcFaceError) {
        let detection = configuration.detection
        let network = try ONNXRuntimeDetector(
            modelPath: try DetectorModelFile.path(configured: detection.modelPath), library: library)
        self.init(
            network: network,
            options: DetectionOptions(
                minScore: Float(detection.minScore), nmsThreshold: Float(detection.nmsThreshold),
                topK: detection.topK, maxSide: detection.maxSide))
    }
}
