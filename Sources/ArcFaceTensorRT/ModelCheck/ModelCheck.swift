import Evaluation
import FaceImages
import ONNXRuntime

/// Runs two models on the same faces in ONNX Runtime and tells how well they agree, and where they don't.
package struct ModelCheck {
    /// What a check shall do.
    package struct Options: Sendable {
        /// The model that is right: any ONNX face model or prepared file.
        package var reference: String
        /// The model that is judged by it.
        package var candidate: String
        /// The faces of both.
        package var faces: FaceSource.Options
        /// Whether the graphs are compared layer by layer too.
        package var comparesLayers: Bool
        /// The relative L2 error beyond which a layer counts as different; nil takes what the precision suggests.
        package var layerThreshold: Double?

        /// What a check shall do; see the properties.
        package init(
            reference: String, candidate: String, faces: FaceSource.Options, comparesLayers: Bool = false,
            layerThreshold: Double? = nil
        ) {
            self.reference = reference
            self.candidate = candidate
            self.faces = faces
            self.comparesLayers = comparesLayers
            self.layerThreshold = layerThreshold
        }
    }

    /// What happens meanwhile.
    package enum Event: Sendable {
        /// An input gave no face: one line that names it.
        case failed(String)
        /// A step of the check began: a few words.
        case began(String)
        /// So many of all faces of the step are done.
        case progress(Int, of: Int)
    }

    /// Faces on which layers are compared at most: each brings millions of numbers.
    package static let layerFaces = 32

    private let options: Options
    private let configuration: ArcFaceConfiguration
    private let library: ONNXRuntimeLibrary
    private let reference: CheckedModel
    private let candidate: CheckedModel
    private let source: FaceSource

    /// Reads and prepares both models and looks for the photos.
    ///
    /// - Parameters:
    ///   - options: what to compare.
    ///   - configuration: `comparison`, `preprocessing`, `onnxruntime`, `detection` and `input` are used.
    /// - Throws: `ArcFaceError` for a missing or unusable model, models of different widths, or no faces.
    package init(_ options: Options, configuration: ArcFaceConfiguration) throws(ArcFaceError) {
        self.options = options
        self.configuration = configuration
        reference = try CheckedModel(path: options.reference, configuration: configuration)
        candidate = try CheckedModel(path: options.candidate, configuration: configuration)
        let widths = (reference.model.embeddingWidth, candidate.model.embeddingWidth)
        guard widths.0 == widths.1 else {
            throw ArcFaceError(
                .modelUnusable, "\(options.reference) gives \(widths.0) numbers a face, and this model \(widths.1)",
                at: options.candidate, mend: "compare models of the same width")
        }
        library = try BackendChoice.library(configuration)
        source = try FaceSource(options.faces, configuration: configuration, library: library)
    }

    /// Finds the faces and compares.
    ///
    /// - Parameter report: called from any thread, one call at a time.
    /// - Returns: how well the models agree.
    /// - Throws: `ArcFaceError` if there are too few faces, or with ONNX Runtime's own message.
    package func run(
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(ArcFaceError) -> ModelCheckReport {
        report(.began("looking for faces"))
        let set = try source.load { event in
            switch event {
            case .failed(let text): report(.failed(text))
            case .found(let count, let wanted): report(.progress(count, of: wanted))
            }
        }
        let left = try embeddings(reference, of: set, report: report)
        let right = try embeddings(candidate, of: set, report: report)
        let agreement = try AgreementMetrics(
            reference: left, candidate: right, width: reference.model.embeddingWidth)
        let precision = Precision.coarser(reference.precision, candidate.precision)
        let thresholds = configuration.comparison.thresholds(for: precision)
        return ModelCheckReport(
            reference: .init(reference), candidate: .init(candidate), faces: set.label, faceCount: set.faces.count,
            failures: set.failures, runtime: "ONNX Runtime \(library.version) on the CPU",
            thresholds: thresholds, thresholdsKey: precision == .int8 ? "comparison.int8" : "comparison",
            agreement: agreement, judgement: thresholds.judge(agreement),
            layers: try layers(of: set, precision: precision, report: report))
    }

    private func embeddings(
        _ checked: CheckedModel, of set: FaceSet, report: (Event) -> Void
    ) throws(ArcFaceError) -> [Float] {
        report(.began("running \(checked.path)"))
        let runtime = try ONNXRuntimeEmbedding(
            model: checked.model, path: checked.path, library: library,
            threads: configuration.onnxRuntime.threadCount, threading: .latency, device: .cpu)
        return try runtime.rawEmbeddings(of: set.faces, progress: { report(.progress($0, of: set.faces.count)) })
    }

    private func layers(
        of set: FaceSet, precision: Precision, report: (Event) -> Void
    ) throws(ArcFaceError) -> LayerComparison? {
        guard options.comparesLayers else { return nil }
        report(.began("comparing layers"))
        let threads = configuration.onnxRuntime.threadCount
        return try LayerComparison(
            reference: LayerRunner(checked: reference, library: library, threads: threads),
            candidate: LayerRunner(checked: candidate, library: library, threads: threads),
            faces: set.spread(Self.layerFaces).faces,
            threshold: options.layerThreshold ?? precision.layerThreshold,
            progress: { report(.progress($0, of: $1)) })
    }
}
