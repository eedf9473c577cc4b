import FaceImages
import Foundation

@testable import ArcFaceTensorRT

/// A folder of images for one test, removed with it.
final class FacesFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "faces-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// Writes a 112×112 image of one colour, by which it can be told from others.
    func writeCrop(_ name: String, gray: UInt8) throws {
        let pixels = [UInt8](repeating: gray, count: FaceBatch.bytesPerFace)
        try write(try PNGEncoder.encode(bgr: pixels, width: 112, height: 112), to: name)
    }

    /// Writes crops `00.png`, `01.png`, … whose gray is their number.
    func writeCrops(_ count: Int) throws {
        for number in 0..<count { try writeCrop(String(format: "%02d.png", number), gray: UInt8(number)) }
    }

    func copyDemoPhoto(as name: String) throws {
        try FileManager.default.copyItem(atPath: TestFiles.photo, toPath: "\(path)/\(name)")
    }

    /// Takes faces of this folder.
    func load(
        _ count: Int, allowsFewer: Bool = false, aligned: Bool = false, threads: Int = 2,
        report: @escaping @Sendable (FaceSource.Event) -> Void = { _ in }
    ) throws -> FaceSet {
        var configuration = TestFiles.configuration
        configuration.onnxRuntime.threads = threads
        let options = FaceSource.Options(paths: [path], count: count, allowsFewer: allowsFewer, aligned: aligned)
        return try FaceSource(options, configuration: configuration).load(report: report)
    }
}

extension FaceSet {
    /// The first byte of each face: the gray of `writeCrop`.
    var grays: [UInt8] {
        (0..<faces.count).map { faces.pixels[$0 * FaceBatch.bytesPerFace] }
    }

    /// The files' names without folders.
    var files: [String] { names.map { ($0 as NSString).lastPathComponent } }
}
