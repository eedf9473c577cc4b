package import NativeLibraries

/// Why TensorRT couldn't be loaded, or couldn't build, load or run an engine.
package struct TensorRTError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// No library was found that opens; `nativeLibraryError` has the places.
        case libraryUnavailable
        /// A library was found whose binary interface isn't known: 8.5 and older, 9, RTX before 1.5, 12 and newer.
        case unsupportedVersion
        /// The library has the right name but lacks a function that every TensorRT has.
        case symbolMissing
        /// The library that reads ONNX isn't beside TensorRT's.
        case parserUnavailable
        /// Engines can't be built with this library: it is a lean or dispatch runtime.
        case builderUnavailable
        /// There is no NVIDIA driver or no GPU.
        case deviceUnavailable
        /// The driver is older than the CUDA that the library was made for.
        case driverTooOld
        /// The library doesn't run on this kind of GPU.
        case gpuUnsupported
        /// An option that this version doesn't have, or a value that makes no sense.
        case unsupportedOption
        /// The network's inputs aren't what the profiles are for.
        case unsuitableNetwork
        /// The parser refused the model; `parserErrors` has its complaints.
        case modelRefused
        /// The builder gave up.
        case buildFailed
        /// The progress handler said stop.
        case cancelled
        /// The device's memory isn't enough.
        case outOfDeviceMemory
        /// The bytes are no plan, or a damaged one.
        case planDamaged
        /// The plan was built by another version of TensorRT.
        case planFromOtherVersion
        /// The plan was built for another GPU.
        case planForOtherGPU
        /// The plan was refused for another reason.
        case planRefused
        /// A name, shape or profile that the engine doesn't have.
        case invalidArgument
        /// A run couldn't be enqueued.
        case enqueueFailed
        /// Any other call that failed.
        case callFailed
    }

    package var code: Code
    /// What went wrong, in one sentence without a full stop.
    package var what: String
    /// The library, file or tensor that it is about; empty where there is none.
    package var `where`: String
    /// What to do about it; empty where nothing general can be said.
    package var mend: String
    /// What TensorRT logged meanwhile as a warning or worse, in order, the most recent 16.
    package var log: [TensorRTLogRecord]
    /// What the ONNX parser complained about.
    package var parserErrors: [ONNXParserError]
    /// Where the library was looked for.
    package var nativeLibraryError: NativeLibraryError?

    package init(
        _ code: Code, _ what: String, at place: String = "", mend: String = "", log: [TensorRTLogRecord] = [],
        parserErrors: [ONNXParserError] = [], nativeLibraryError: NativeLibraryError? = nil
    ) {
        self.code = code
        self.what = what
        self.where = place
        self.mend = mend
        self.log = log
        self.parserErrors = parserErrors
        self.nativeLibraryError = nativeLibraryError
    }

    /// One line: where, what, TensorRT's first word on it (later ones are mostly consequences), and the mend.
    package var description: String {
        let reason = parserErrors.first.map { "\($0)" } ?? log.first { $0.severity <= .error }?.message ?? ""
        let head = [`where`, what, reason].filter { !$0.isEmpty }.joined(separator: ": ")
        return [head, mend].filter { !$0.isEmpty }.joined(separator: "; ")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// One complaint of the ONNX parser.
package struct ONNXParserError: Sendable, Equatable, CustomStringConvertible {
    /// TensorRT's number for the kind of complaint.
    package var code: Int
    package var reason: String
    /// The node's index in the graph; nil when it isn't about one.
    package var nodeIndex: Int?
    /// The node's name, on 10 and newer; empty when it has none.
    package var nodeName: String
    /// The node's operator, on 10 and newer.
    package var operation: String

    package init(code: Int, reason: String, nodeIndex: Int?, nodeName: String = "", operation: String = "") {
        self.code = code
        self.reason = reason
        self.nodeIndex = nodeIndex
        self.nodeName = nodeName
        self.operation = operation
    }

    /// The node and the reason.
    package var description: String {
        let node = [operation, nodeName.isEmpty ? "" : "`\(nodeName)`", nodeIndex.map { "(node \($0))" } ?? ""]
            .filter { !$0.isEmpty }.joined(separator: " ")
        return node.isEmpty ? reason : "\(node): \(reason)"
    }
}
