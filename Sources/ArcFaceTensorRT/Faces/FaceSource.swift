import FaceImages
import Foundation
package import ONNXRuntime
import Synchronization

/// The one way in which commands take faces for comparing, calibrating and measuring.
///
/// Photos are detected and aligned first, and 112×112 images count as aligned crops. The choice is deterministic: photos
/// evenly spread over the list, and others in place of those that fail.
package struct FaceSource: Sendable {
    /// Which faces.
    package struct Options: Sendable {
        /// Photos, folders, list files; none stands for the demo's faces, augmented to as many as are wanted.
        package var paths: [String]
        /// Faces wanted, 1 or more.
        package var count: Int
        /// Whether fewer will do. Without any, nothing does.
        package var allowsFewer: Bool
        /// Whether an image that isn't 112×112 is a failure rather than a photo.
        package var aligned: Bool
        /// Which faces of a photo.
        package var selection: FaceSelection

        /// Which faces; see the properties.
        package init(
            paths: [String], count: Int, allowsFewer: Bool = false, aligned: Bool = false,
            selection: FaceSelection = .all
        ) {
            self.paths = paths
            self.count = count
            self.allowsFewer = allowsFewer
            self.aligned = aligned
            self.selection = selection
        }
    }

    /// What happens meanwhile.
    package enum Event: Sendable {
        /// An input gave no face, or lost one: one line that names it.
        case failed(String)
        /// So many faces of those wanted are there.
        case found(Int, of: Int)
    }

    /// Photos begun at a time at least, when others failed: a few, so that all threads have work.
    private static let smallestRound = 16

    private let options: Options
    private let inputs: PhotoList
    private let preparer: PhotoPreparer.Settings
    private let detector: DetectorOnDemand
    private let threads: Int

    /// Looks for the photos; none is opened yet.
    ///
    /// - Parameters:
    ///   - options: which faces.
    ///   - configuration: `detection`, `input` and `onnxruntime` are used.
    ///   - library: ONNX Runtime if it is loaded already; else it is loaded when a photo needs the detector.
    /// - Throws: `ArcFaceError` with code `inputMissing` if no photo is named, or the demo's isn't there.
    package init(
        _ options: Options, configuration: ArcFaceConfiguration, library: ONNXRuntimeLibrary? = nil
    ) throws(ArcFaceError) {
        guard options.count > 0 else {
            throw ArcFaceError(.invalidInput, "\(options.count) faces can't be taken", mend: "ask for one at least")
        }
        self.options = options
        let paths = options.paths.isEmpty ? [try DemoPhoto.path()] : options.paths
        do throws(FaceImageError) {
            inputs = try PhotoList.expand(paths: paths)
        } catch {
            throw ArcFaceError(.inputMissing, error.description)
        }
        detector = DetectorOnDemand { () throws(ArcFaceError) in
            let library = if let library { library } else { try BackendChoice.library(configuration) }
            return try YuNetDetector(configuration: configuration, library: library)
        }
        preparer = PhotoPreparer.Settings(
            inputs: inputs, source: options.aligned ? .aligned : .cropsOrPhotos(detector),
            selection: options.selection, limits: DecodeLimits(maxPixels: configuration.input.maxPixels))
        threads = configuration.onnxRuntime.threadCount
    }

    /// Finds the faces, on as many threads as configured.
    ///
    /// Holds at most twice the faces wanted and one photo a thread.
    ///
    /// - Parameters:
    ///   - report: called from any thread, one call at a time.
    ///   - shouldStop: asked before each photo, from any thread; true ends the search with the code `cancelled`.
    /// - Returns: the faces, in the order of the list.
    /// - Throws: `ArcFaceError` if there are fewer than wanted and that isn't allowed, or the detector can't be loaded.
    package func load(
        report: @escaping @Sendable (Event) -> Void = { _ in }, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(ArcFaceError) -> FaceSet {
        if options.paths.isEmpty { return try demoFaces(shouldStop: shouldStop, report: report) }
        let state = try collect(wanted: options.count, shouldStop: shouldStop, report: report)
        let (faces, names) = state.faces
        guard !faces.isEmpty, faces.count == options.count || options.allowsFewer else {
            throw tooFew(faces.count, failures: state.failures)
        }
        let place = options.paths.count == 1 ? options.paths[0] : "\(options.paths[0]) and other paths"
        return FaceSet(
            faces: faces, names: names, label: "\(faces.count) face\(faces.count == 1 ? "" : "s") of \(place)",
            failures: state.failures)
    }

    /// The faces of the demo's photo, and variants of them.
    private func demoFaces(
        shouldStop: @escaping @Sendable () -> Bool, report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> FaceSet {
        // Faces found here aren't those wanted: variants make up the number.
        let state = try collect(wanted: AugmentedFaces.maximumOriginals, shouldStop: shouldStop) { event in
            if case .failed = event { report(event) }
        }
        let (faces, names) = state.faces
        guard !faces.isEmpty else { throw tooFew(0, failures: state.failures) }
        return AugmentedFaces.make(options.count, from: faces, names: names)
    }

    /// Prepares photos, round after round, until there are enough faces or no more photos.
    private func collect(
        wanted: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (Event) -> Void
    ) throws(ArcFaceError) -> (faces: (faces: FaceBatch, names: [String]), failures: [String]) {
        let state = Mutex((pool: FacePool(wanted: wanted), failures: inputs.problems.map(\.description)))
        for problem in inputs.problems { report(.failed(problem.description)) }
        var photos = Array(0..<inputs.count)
        var round = 0
        while !photos.isEmpty {
            let missing = state.withLock { wanted - $0.pool.count }
            if missing == 0 { break }
            let size = round == 0 ? missing : max(missing, Self.smallestRound)
            let places = evenlySpread(size, over: photos.count)
            prepare(places.map { photos[$0] }, shouldStop: shouldStop) { [round] input in
                state.withLock { state in
                    state.pool.add(input, round: round)
                    for failure in input.failures {
                        state.failures.append(failure.message)
                        report(.failed(failure.message))
                    }
                    report(.found(state.pool.count, of: wanted))
                }
            }
            if let failure = detector.failure { throw failure }
            if shouldStop() { throw .cancelled }
            let taken = Set(places)
            photos = photos.indices.filter { !taken.contains($0) }.map { photos[$0] }
            round += 1
        }
        return state.withLock { (faces: $0.pool.take(), failures: $0.failures.sorted()) }
    }

    private func prepare(
        _ photos: [Int], shouldStop: @escaping @Sendable () -> Bool, _ handle: @Sendable (PreparedInput) -> Void
    ) {
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, photos.count)) { _ in
            let preparer = PhotoPreparer(preparer)
            while detector.failure == nil, !shouldStop() {
                let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard position < photos.count else { return }
                handle(preparer.prepare(input: photos[position]))
            }
        }
    }

    private func tooFew(_ found: Int, failures: [String]) -> ArcFaceError {
        let photos = "\(inputs.count) image\(inputs.count == 1 ? "" : "s")"
        let failed = failures.first.map { "; \(failures.count) failed, such as \($0)" } ?? ""
        return ArcFaceError(
            .invalidInput, "\(options.count) faces are wanted, and \(photos) gave \(found)" + failed,
            at: options.paths.first, mend: found == 0 ? "name photos with faces" : "add faces, or ask for \(found)")
    }
}
