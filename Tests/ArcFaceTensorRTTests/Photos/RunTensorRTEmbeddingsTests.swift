import Foundation
import Testing

@testable import ArcFaceTensorRT

@Suite(
    "Photos of a folder or a list",
    .enabled(if: TestFiles.hasModels, "no models under \(TestFiles.dependencies): run make deps"))
struct RunTensorRTEmbeddingsTests {
    private static var configuration: ArcFaceConfiguration {
        var configuration = TestFiles.configuration
        configuration.tensorRT.onnxPath = TestFiles.sface
        configuration.detection.maxSide = 640
        return configuration
    }

    /// A list of paths: the photo `count` times, and one that isn't there.
    private func list(_ count: Int) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "photos-\(UUID().uuidString).txt").path
        let lines = Array(repeating: TestFiles.photo, count: count) + ["/nowhere/at/all.jpg"]
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `come in order, with their faces or why there are none`() async throws {
        let path = try list(2)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let photos = try runTensorRTEmbeddings([path], configuration: Self.configuration)
        #expect(photos.count == 3)
        #expect(photos.information.backend == "onnxruntime")
        var all: [PhotoEmbeddings] = []
        for try await photo in photos { all.append(photo) }
        #expect(all.map(\.path) == [TestFiles.photo, TestFiles.photo, "/nowhere/at/all.jpg"])
        #expect(all.map(\.faces.count) == [6, 6, 0])
        #expect(all.map(\.failures.count) == [0, 0, 1])
        let face = try #require(all.first?.faces.first)
        #expect(face.embedding.count == 128)
        #expect(abs(face.embedding.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        #expect(face.box != nil && face.landmarks != nil && face.score != nil)
        // A loop does the work anew, and one that is left stops it.
        for try await photo in photos {
            #expect(photo.faces.count == 6)
            break
        }
    }

    @Test func `stop when the task is cancelled`() async throws {
        let path = try list(400)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let task = Task {
            var count = 0
            for try await _ in try runTensorRTEmbeddings([path], configuration: Self.configuration) {
                count += 1
                if count == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            }
            return count
        }
        #expect(try await task.value == 2)
    }

    @Test func `are an error where there are none, and a batch must be one`() async throws {
        #expect(throws: ArcFaceError.self) {
            try runTensorRTEmbeddings(["/nowhere/at/all"], configuration: Self.configuration)
        }
        let error = #expect(throws: ArcFaceError.self) {
            try runTensorRTEmbeddings(
                [TestFiles.photo], configuration: Self.configuration, options: PhotoEmbeddingOptions(batchSize: 0))
        }
        #expect(error?.code == .configuration)
    }
}

@Suite("A bounded channel")
struct BoundedChannelTests {
    @Test func `lets the sender run ahead by its capacity and no further, and loses nothing`() async throws {
        let channel = BoundedChannel<Int>(capacity: 4)
        async let sender: Void = onThread {
            for number in 0..<1000 { channel.send(number) }
            channel.finish(nil)
        }
        var all: [Int] = []
        while let number = try await channel.next() { all.append(number) }
        #expect(all == Array(0..<1000))
        try await sender
        #expect(try await channel.next() == nil)
    }

    @Test func `hands over what came before an error, then the error`() async throws {
        let channel = BoundedChannel<Int>(capacity: 4)
        channel.send(1)
        channel.finish(ArcFaceError(.runtimeFailed, "broken"))
        #expect(try await channel.next() == 1)
        await #expect(throws: ArcFaceError.self) { try await channel.next() }
    }

    @Test func `that is closed holds no sender up`() async throws {
        let channel = BoundedChannel<Int>(capacity: 1)
        async let sender: Void = onThread { for number in 0..<100 { channel.send(number) } }
        #expect(try await channel.next() == 0)
        channel.close()
        try await sender
        #expect(channel.isClosed)
        #expect(try await channel.next() == nil)
    }
}
