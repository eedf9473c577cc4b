import ArcFaceTensorRT
import ArgumentParser
import Foundation

/// Turns an error into one line on standard error and the documented exit code.
enum Failure {
    static func reported<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ArcFaceError where error.code == .cancelled {
            // What was asked for is no error.
            FileHandle.standardError.write(Data("\(error.description)\n".utf8))
            throw ExitCode(ExitStatus.interrupted)
        } catch let error as ArcFaceError {
            throw fail(error.description, ExitStatus.of(error))
        } catch let error as ConfigurationError {
            throw fail(error.description, ExitStatus.of(error))
        }
    }

    private static func fail(_ text: String, _ status: Int32) -> ExitCode {
        let lines = text.split(separator: "\n").map { "error: \($0)\n" }.joined()
        FileHandle.standardError.write(Data(lines.utf8))
        return ExitCode(status)
    }
}
