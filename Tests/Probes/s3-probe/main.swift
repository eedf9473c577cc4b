// A client of one bucket, so that tests can drive the S3 client against real servers and through bad networks.
//
//   s3-probe put KEY FILE | get KEY FILE SIZE | create KEY FILE | look KEY | list PREFIX | delete KEY
//
// ENDPOINT, BUCKET, REGION, and optionally CA_FILE, INSECURE, TIMEOUT, ATTEMPTS, CLOCK_OFFSET, PATH_STYLE, PART_SIZE come from
// the environment with S3_PROBE_ in front, credentials from AWS's own variables. Prints what it found. Exit status: 0, or 1
// with the error on standard error.
import EngineStore
import Foundation
import S3Store

let environment = ProcessInfo.processInfo.environment

func setting(_ name: String) -> String? { environment["S3_PROBE_\(name)"] }

func client() throws -> S3Client {
    let settings = S3Settings(
        bucket: setting("BUCKET") ?? "team", endpoint: setting("ENDPOINT"), region: setting("REGION") ?? "us-east-1",
        pathStyle: setting("PATH_STYLE") == "1", caFile: setting("CA_FILE"), verifiesServer: setting("INSECURE") == nil,
        timeout: setting("TIMEOUT").flatMap { Int($0) } ?? 30,
        retry: RetryPolicy(attempts: setting("ATTEMPTS").flatMap { Int($0) } ?? 5),
        partSize: setting("PART_SIZE").flatMap { Int($0) } ?? 8 << 20)
    let clock = S3Clock(offset: setting("CLOCK_OFFSET").flatMap { Int64($0) } ?? 0)
    return try S3Client(settings, environment: AWSEnvironment(environment), clock: clock)
}

func upload(_ key: String, _ path: String) throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    let size = Int(try file.seekToEnd())
    try client().upload(to: key, size: size) { buffer, offset in
        guard pread(file.fileDescriptor, buffer.baseAddress, buffer.count, off_t(offset)) == buffer.count else {
            throw CocoaError(.fileReadUnknown)
        }
    }
}

func download(_ key: String, _ path: String, _ size: Int) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
        let file = FileHandle(forWritingAtPath: path)
    else { throw CocoaError(.fileWriteUnknown) }
    try client().download(key, size: size) { bytes in
        // As the engines' folder writes them.
        for start in stride(from: 0, to: bytes.count, by: 1 << 17) {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + (1 << 17), bytes.count)])
            guard write(file.fileDescriptor, piece.baseAddress, piece.count) == piece.count else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
    }
}

func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 2 else { throw S3Error(.refused, "a verb and a key are needed", at: "s3-probe") }
    let key = arguments[1]
    switch (arguments[0], arguments.count) {
    case ("put", 3): try upload(key, arguments[2])
    case ("get", 4): try download(key, arguments[2], Int(arguments[3]) ?? 0)
    case ("create", 3):
        let bytes = FileManager.default.contents(atPath: arguments[2]) ?? Data()
        print(try client().put(Array(bytes), to: key, if: .absent))
    case ("look", 2):
        print(try client().look(at: key).map { "\($0.size) \($0.etag)" } ?? "absent")
    case ("list", 2):
        for object in try client().list(prefix: key) { print("\(object.size) \(object.key)") }
    case ("delete", 2): try client().delete(key)
    default: throw S3Error(.refused, "there is no such verb", at: arguments[0])
    }
}

do {
    try main()
} catch let error as S3Error {
    FileHandle.standardError.write(Data("\(error.code.rawValue): \(error)\n".utf8))
    exit(1)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
