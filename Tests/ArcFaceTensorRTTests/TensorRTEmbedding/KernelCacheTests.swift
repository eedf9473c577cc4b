import Digests
import Foundation
import Testing

@testable import ArcFaceTensorRT

/// What TensorRT-RTX compiled once, the next start needn't.
@Suite(
    "The kernels that TensorRT-RTX compiles", .enabled(if: BuiltDouble.obstacle == nil, "\(BuiltDouble.obstacle ?? "")")
)
struct KernelCacheTests {
    private static let faces = SparseFace.several(5)

    private let gpu: DoubleGPU
    private let path: String
    private var file: URL { URL(filePath: path + ".runtime-cache") }

    init() throws {
        gpu = try DoubleGPU(.rtx)
        path = try DoubleEngine(kind: .rtx).store(in: gpu.folder)
    }

    /// Loads the engine, runs it, and tells for which batches kernels were compiled meanwhile.
    private func start(devices: [Int] = [0]) throws -> [String] {
        let before = try gpu.journal().count
        let arcface = try TensorRTArcFace(enginePath: path, devices: devices, search: gpu.search)
        #expect(
            try arcface.runtime.rawEmbeddings(of: try SparseFace.batch(Self.faces)) == Self.faces.flatMap(\.embedding))
        return try gpu.journal().dropFirst(before).filter { $0.hasPrefix("compiled ") }
    }

    private static let all = ["compiled 1", "compiled 4", "compiled 12"]

    @Test func `are kept beside the plan, so that the second start compiles nothing`() throws {
        #expect(try start() == Self.all)
        let kept = try Data(contentsOf: file)
        #expect(String(decoding: kept, as: UTF8.self).hasSuffix("kernels\nbatch 1\nbatch 4\nbatch 12\n"))
        #expect(String(decoding: kept, as: UTF8.self).contains("library: tensorrt-rtx 1.7.1\ngpu: Fake GPU A, sm90\n"))
        let written = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
        #expect(try start() == [])
        // Nothing was added, so nothing is written.
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int == written)
        #expect(try gpu.live() == 0)
        #expect(try gpu.misuse() == "")
    }

    @Test func `are shared by the streams of a GPU, and each GPU has its own`() throws {
        #expect(try start(devices: [0, 1]).count == 2 * Self.all.count)
        #expect(try start(devices: [0]) == [])
    }

    @Test(arguments: ["damaged", "another plan's", "not TensorRT's", "cut off", "everybody's"])
    func `are compiled again where the file can't be used, which is then replaced`(fault: String) throws {
        #expect(try start() == Self.all)
        let good = try Data(contentsOf: file)
        switch fault {
        case "damaged":
            var bytes = good
            bytes[bytes.count - 3] ^= 1
            try bytes.write(to: file)
        case "another plan's":
            let text = String(decoding: good, as: UTF8.self).replacing("plan: ", with: "plan: 0", maxReplacements: 1)
            try Data(text.utf8).write(to: file)
        case "not TensorRT's":
            // Whole, and ours, but what TensorRT itself refuses.
            try Self.rewrite(file, kernels: "nonsense")
        case "cut off": try good.prefix(50).write(to: file)
        default: try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file.path)
        }
        let before = try gpu.journal().count
        #expect(try start() == Self.all)
        let wasRead = try gpu.journal().dropFirst(before).contains("runtime cache read")
        #expect(wasRead == (fault == "not TensorRT's"), "only what was checked reaches TensorRT")
        #expect(try Data(contentsOf: file) == good)
        #expect(try start() == [])
    }

    @Test func `are not kept where the folder can't be written, and the engine runs`() throws {
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(try start() == Self.all)
        #expect(try start() == Self.all)
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) && isFolder.boolValue)
    }

    @Test func `are no matter of TensorRT's other flavours`() throws {
        let gpu = try DoubleGPU(.v10)
        let path = try DoubleEngine(kind: .v10).store(in: gpu.folder)
        _ = try TensorRTArcFace(enginePath: path, devices: [0], search: gpu.search)
        #expect(!FileManager.default.fileExists(atPath: path + ".runtime-cache"))
    }

    /// Puts other kernels into a file, under a header that fits them.
    private static func rewrite(_ file: URL, kernels: String) throws {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let head = text.prefix(upTo: try #require(text.range(of: "kernels: ")).lowerBound)
        let digest = Digest.of(kernels).hex
        try Data("\(head)kernels: \(kernels.utf8.count) bytes, sha256 \(digest)\n\n\(kernels)".utf8).write(to: file)
    }
}
