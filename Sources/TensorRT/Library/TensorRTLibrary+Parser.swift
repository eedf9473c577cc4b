internal import CTensorRT
internal import NativeLibraries

extension TensorRTLibrary {
    /// The interface with the ONNX parser that belongs to this library: the one beside it, or the loader's if
    /// the loader found the library as well.
    ///
    /// - Throws: `TensorRTError` with code `.parserUnavailable` or `.symbolMissing`.
    func interfaceWithParser() throws(TensorRTError) -> TensorRTInterface {
        let parser = try openParser()
        do throws(NativeLibraryError) {
            return interface.adding(parser: parser, factory: try parser.symbol("createNvOnnxParser_INTERNAL"))
        } catch {
            throw TensorRTError(
                .symbolMissing, "isn't TensorRT's ONNX parser: it exports no `createNvOnnxParser_INTERNAL`",
                at: parser.path, mend: parserMend, nativeLibraryError: error)
        }
    }

    /// The file of the ONNX parser that belongs to this library.
    ///
    /// - Throws: `TensorRTError` with code `.parserUnavailable`, which says what to install.
    package func parserPath() throws(TensorRTError) -> String { try openParser().path }

    private func openParser() throws(TensorRTError) -> NativeLibrary {
        let file = flavour == .rtx ? "libtensorrt_onnxparser_rtx.so.1" : "libnvonnxparser.so.\(version.major)"
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let beside = LibrarySearch(
            name: "TensorRT's ONNX parser", explicitPath: folder, explicitSource: "\(name) itself", fileNames: [file],
            mend: "")
        var attempts: [NativeLibraryError.Attempt]
        do throws(NativeLibraryError) {
            return try beside.open()
        } catch {
            attempts = error.attempts
        }
        // A parser from elsewhere is for a library from elsewhere, unless both are where the loader looks.
        if isLoaders {
            do throws(NativeLibraryError) {
                return try NativeLibrary(opening: file)
            } catch {
                attempts += error.attempts
            }
        }
        let places = attempts.map { "\($0.place) (\($0.outcome))" }.joined(separator: "; ")
        throw TensorRTError(
            .parserUnavailable, "has no ONNX parser `\(file)`; looked at \(places)", at: path, mend: parserMend,
            nativeLibraryError: NativeLibraryError(code: .notFound, library: beside.name, attempts: attempts))
    }

    private var parserMend: String {
        flavour == .rtx
            ? "install TensorRT-RTX whole, with libtensorrt_onnxparser_rtx beside libtensorrt_rtx"
            : "install the parser of the same version: `apt-get install libnvonnxparsers\(version.major)`"
    }
}
