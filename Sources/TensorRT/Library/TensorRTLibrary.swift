internal import CTensorRT
package import Logging
package import NativeLibraries

/// A loaded TensorRT, checked to be a version whose binary interface is known. It is unloaded with the last reference,
/// those of builders, runtimes, engines and contexts included.
package final class TensorRTLibrary: Sendable {
    package let flavour: TensorRTFlavour
    package let version: TensorRTVersion
    package let capabilities: TensorRTCapabilities
    let interface: TensorRTInterface
    /// Whether the loader found the file by its name alone, so that it may find the parser too.
    let isLoaders: Bool
    private let logKey: Int

    /// The real path of the file.
    package var path: String { interface.path }

    /// The name for messages: `TensorRT 10.3.0` or `TensorRT-RTX 1.7.1`.
    package var name: String { Self.name(flavour, version) }

    /// Loads the first library that is found, opens, and is of a known version.
    ///
    /// - Parameters:
    ///   - search: `.tensorRT()` or `.tensorRTRTX()`.
    ///   - wanted: The version that fits best where several are installed: that very one, or else one of its major
    ///     version, before all others.
    ///   - surroundings: The machine to look at.
    ///   - logger: Gets TensorRT's messages, from whatever thread TensorRT is on.
    /// - Returns: The library, ready for builders and runtimes.
    /// - Throws: `TensorRTError` with code `.libraryUnavailable`, `.unsupportedVersion` or `.symbolMissing`; it says
    ///   what was found where, and what to install.
    package static func load(
        _ search: LibrarySearch, preferring wanted: TensorRTVersion? = nil,
        surroundings: SearchSurroundings = .current, logger: Logger
    ) throws(TensorRTError) -> TensorRTLibrary {
        let search = wanted.map { search.preferring(major: $0.major) } ?? search
        let places = search.candidates(in: surroundings).filter { $0.status == .exists || $0.isLoaders }
        func isOfMajor(_ place: LibraryCandidate) -> Bool {
            wanted.map { LibrarySearch.isFile(place.path, ofMajor: $0.major) } ?? true
        }
        var refusal: TensorRTError?
        var relative: TensorRTLibrary?
        for candidate in places.filter(isOfMajor) + places.filter({ !isOfMajor($0) }) {
            if relative != nil, !isOfMajor(candidate) { break }
            // What doesn't open is in the report below, should nothing else be usable.
            guard let library = try? NativeLibrary(opening: candidate.path) else { continue }
            do throws(TensorRTError) {
                let loaded = try TensorRTLibrary(
                    library, isLoaders: candidate.isLoaders, mend: search.mend, logger: logger)
                guard let wanted, loaded.version != wanted, loaded.version.major == wanted.major else {
                    loaded.tell(of: places, logger)
                    return loaded
                }
                relative = relative ?? loaded
            } catch {
                refusal = refusal ?? error.named(by: candidate)
            }
        }
        if let relative {
            relative.tell(of: places, logger)
            return relative
        }
        if let refusal { throw refusal }
        let late: NativeLibrary
        do throws(NativeLibraryError) {
            late = try search.open(in: surroundings)
        } catch {
            throw TensorRTError(.libraryUnavailable, error.description, nativeLibraryError: error)
        }
        return try TensorRTLibrary(late, isLoaders: false, mend: search.mend, logger: logger)
    }

    /// Logs which library was taken, and which others were not.
    private func tell(of places: [LibraryCandidate], _ logger: Logger) {
        let others = places.filter { $0.status == .exists && LibrarySearch.realPath($0.path) != path }.map(\.path)
        let rest = others.isEmpty ? "" : "; also installed: \(others.joined(separator: ", "))"
        logger.info("\(name) from \(path)\(rest)")
    }

    /// Checks a library that is open already.
    ///
    /// - Parameters:
    ///   - library: Any shared library.
    ///   - isLoaders: Whether the loader found it by its name alone.
    ///   - mend: What to install when it isn't a TensorRT that is known.
    ///   - logger: Gets TensorRT's messages.
    /// - Throws: `TensorRTError` with code `.unsupportedVersion` or `.symbolMissing`.
    package init(
        _ library: NativeLibrary, isLoaders: Bool = false, mend: String, logger: Logger
    ) throws(TensorRTError) {
        let number = try Self.number(of: library, mend: mend)
        let flavour = Self.flavour(of: library, number: number)
        let version = TensorRTVersion(libraryNumber: Int(number))
        guard let family = version.family(of: flavour) else {
            throw TensorRTError(
                .unsupportedVersion,
                "found \(Self.name(flavour, version)), whose binary interface isn't one of those known "
                    + "(TensorRT 8.6, 10 and 11, TensorRT-RTX 1.5 to 1.x)", at: library.path, mend: mend)
        }
        let capabilities = TensorRTCapabilities(flavour: flavour, family: family)
        let builder = capabilities.builds ? try Self.symbol("createInferBuilder_INTERNAL", library, mend) : nil
        let api = trt_api(
            family: family, version: number,
            has_memory_size_v2: flavour == .rtx || version >= TensorRTVersion(10, 1, 0),
            create_builder: builder, create_runtime: try Self.symbol("createInferRuntime_INTERNAL", library, mend),
            create_parser: nil)
        self.flavour = flavour
        self.version = version
        self.capabilities = capabilities
        self.isLoaders = isLoaders
        interface = TensorRTInterface(
            api, path: library.path, router: try LogRouter.shared(for: library.path), libraries: [library])
        logKey = interface.router.add(logger)
    }

    deinit {
        interface.router.remove(logKey)
    }

    private static func number(of library: NativeLibrary, mend: String) throws(TensorRTError) -> Int32 {
        let address = try symbol("getInferLibVersion", library, mend)
        return unsafeBitCast(address, to: (@convention(c) () -> Int32).self)()
    }

    private static func symbol(
        _ name: String, _ library: NativeLibrary, _ mend: String
    ) throws(TensorRTError) -> UnsafeMutableRawPointer {
        do throws(NativeLibraryError) {
            return try library.symbol(name)
        } catch {
            throw TensorRTError(
                .symbolMissing, "isn't TensorRT as it should be: it exports no `\(name)`", at: library.path, mend: mend,
                nativeLibraryError: error)
        }
    }

    /// RTX counts from 1 again, so the file's name decides; a renamed file is told by its version.
    private static func flavour(of library: NativeLibrary, number: Int32) -> TensorRTFlavour {
        let file = library.path.split(separator: "/").last ?? ""
        if file.contains("tensorrt_rtx") { return .rtx }
        if file.contains("nvinfer_lean") { return .lean }
        if file.contains("nvinfer_dispatch") { return .dispatch }
        return TensorRTVersion(libraryNumber: Int(number)).major == 1 ? .rtx : .full
    }

    private static func name(_ flavour: TensorRTFlavour, _ version: TensorRTVersion) -> String {
        switch flavour {
        case .full: "TensorRT \(version)"
        case .lean: "TensorRT's lean runtime \(version)"
        case .dispatch: "TensorRT's dispatch runtime \(version)"
        case .rtx: "TensorRT-RTX \(version)"
        }
    }
}

extension LibraryCandidate {
    /// A bare name, which only the loader can find.
    var isLoaders: Bool { origin == .loader }
}

extension TensorRTError {
    /// The same error; of a library that someone named it says who did.
    fileprivate func named(by candidate: LibraryCandidate) -> TensorRTError {
        guard case .given(let source) = candidate.origin else { return self }
        var error = self
        error.what += " (named by \(source))"
        return error
    }
}
