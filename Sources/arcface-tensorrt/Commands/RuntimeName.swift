import ArcFaceTensorRT
import ArgumentParser

/// How options read the names of runtimes: a name that doesn't exist is a wrong command line, and those that do are
/// listed.
enum RuntimeName {
    /// `onnxruntime`, for an option that takes a runtime alone.
    static func backend(_ text: String) throws -> Backend {
        if let backend = Backend(rawValue: text) { return backend }
        throw unknown(text, Backend.allCases.map(\.rawValue))
    }

    /// `tensorrt`, for an option that takes what builds engines.
    static func builder(_ text: String) throws -> EngineBuildJob.Runtime {
        if let runtime = EngineBuildJob.Runtime(rawValue: text) { return runtime }
        throw unknown(text, EngineBuildJob.Runtime.allCases.map(\.rawValue))
    }

    /// `onnxruntime:int8@models/r100.onnx`, for an option that takes all that a runtime can be named by.
    static func named(_ text: String) throws -> NamedRuntime {
        do throws(ArcFaceError) {
            return try NamedRuntime(parsing: text)
        } catch {
            throw ValidationError(error.what + (error.mend.map { " (\($0))" } ?? ""))
        }
    }

    private static func unknown(_ text: String, _ names: [String]) -> ValidationError {
        ValidationError("'\(text)' is no runtime (it is one of \(names.joined(separator: ", ")))")
    }
}

/// Options that go by another name now.
enum OldOption {
    /// A transform that names the present option, whatever the value is.
    static func refuse(_ present: String) -> @Sendable (String) throws -> String {
        { _ in throw ValidationError("the option is \(present) now") }
    }
}
