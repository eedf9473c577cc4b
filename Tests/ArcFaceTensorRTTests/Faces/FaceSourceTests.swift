import FaceImages
import Foundation
import Synchronization
import Testing

@testable import ArcFaceTensorRT

@Suite("A source of faces")
struct FaceSourceTests {
    @Test func `takes 112×112 images as crops, without a detector`() throws {
        let folder = try FacesFolder()
        try folder.writeCrops(5)
        var configuration = TestFiles.configuration
        configuration.detection.modelPath = "no-such-detector.onnx"
        configuration.onnxRuntime.libraryPath = "no-such-library.so"
        let source = try FaceSource(.init(paths: [folder.path], count: 5), configuration: configuration)
        let set = try source.load()
        #expect(set.grays == [0, 1, 2, 3, 4])
        #expect(set.files == ["00.png", "01.png", "02.png", "03.png", "04.png"])
        #expect(set.label == "5 faces of \(folder.path)")
    }

    @Test func `spreads its choice over the whole list`() throws {
        let folder = try FacesFolder()
        try folder.writeCrops(40)
        #expect(try folder.load(8).grays == [0, 5, 10, 15, 20, 25, 30, 35])
        #expect(try folder.load(3).grays == [0, 13, 26])
    }

    @Test func `takes others in place of those that fail, and names each failure`() throws {
        let folder = try FacesFolder()
        try folder.writeCrops(30)
        for number in [0, 10, 20] { try folder.write([1, 2, 3], to: String(format: "%02d.png", number)) }
        let failures = Mutex<[String]>([])
        let set = try folder.load(3) { event in
            if case .failed(let text) = event { failures.withLock { $0.append(text) } }
        }
        #expect(set.faces.count == 3)
        #expect(Set(set.grays).isDisjoint(with: [0, 10, 20]))
        #expect(set.failures.count == 3)
        for name in ["00.png", "10.png", "20.png"] {
            #expect(set.failures.contains { $0.contains(name) })
        }
        #expect(failures.withLock { $0.sorted() } == set.failures)
    }

    @Test(arguments: [1, 2, 5]) func `gives the same faces whatever the number of threads`(threads: Int) throws {
        let folder = try FacesFolder()
        try folder.writeCrops(60)
        for number in stride(from: 0, to: 60, by: 4) {
            try folder.write([], to: String(format: "%02d.png", number))
        }
        let alone = try folder.load(20, threads: 1)
        #expect(alone.faces.count == 20)
        #expect(try folder.load(20, threads: threads) == alone)
    }

    @Test func `refuses fewer than asked, unless that is allowed`() throws {
        let folder = try FacesFolder()
        try folder.writeCrops(3)
        try folder.write([1], to: "bad.png")
        let error = #expect(throws: ArcFaceError.self) { try folder.load(10) }
        #expect(error?.code == .invalidInput)
        #expect(error?.description.contains("10 faces are wanted, and 4 images gave 3; 1 failed") == true)
        #expect(error?.description.contains("bad.png") == true)
        let set = try folder.load(10, allowsFewer: true)
        #expect(set.grays == [0, 1, 2])
        #expect(set.label.hasPrefix("3 faces of "))
    }

    @Test func `refuses a folder without any face even if fewer are allowed`() throws {
        let folder = try FacesFolder()
        try folder.write([1], to: "bad.png")
        #expect(throws: ArcFaceError.self) { try folder.load(1, allowsFewer: true) }
    }

    @Test func `refuses photos where only aligned crops are wanted`() throws {
        let folder = try FacesFolder()
        try folder.writeCrops(2)
        let pixels = [UInt8](repeating: 9, count: 64 * 48 * 3)
        try folder.write(try PNGEncoder.encode(bgr: pixels, width: 64, height: 48), to: "photo.png")
        let set = try folder.load(3, allowsFewer: true, aligned: true)
        #expect(set.grays == [0, 1])
        #expect(set.failures.count == 1)
        #expect(set.failures.first?.contains("64×48") == true)
    }

    @Test func `a missing folder and zero faces are errors`() throws {
        let none = FaceSource.Options(paths: ["/no/such/folder"], count: 1)
        let missing = #expect(throws: ArcFaceError.self) {
            try FaceSource(none, configuration: TestFiles.configuration)
        }
        #expect(missing?.code == .inputMissing)
        let zero = FaceSource.Options(paths: ["."], count: 0)
        #expect(throws: ArcFaceError.self) { try FaceSource(zero, configuration: TestFiles.configuration) }
    }

    @Test func `a detector that can't be loaded ends the search with its own error`() throws {
        let folder = try FacesFolder()
        let pixels = [UInt8](repeating: 9, count: 64 * 48 * 3)
        try folder.write(try PNGEncoder.encode(bgr: pixels, width: 64, height: 48), to: "photo.png")
        var configuration = TestFiles.configuration
        configuration.onnxRuntime.libraryPath = "no-such-library.so"
        let source = try FaceSource(
            .init(paths: [folder.path], count: 1, allowsFewer: true), configuration: configuration)
        let error = #expect(throws: ArcFaceError.self) { try source.load() }
        #expect(error?.code == .unavailable)
    }
}

@Suite("A source of faces in photos", .enabled(if: TestFiles.hasModels, "no models: run make deps"))
struct FaceSourcePhotoTests {
    @Test func `finds and aligns the faces of photos between crops`() throws {
        let folder = try FacesFolder()
        try folder.writeCrop("a.png", gray: 7)
        try folder.copyDemoPhoto(as: "b.jpg")
        try folder.writeCrop("c.png", gray: 8)
        let set = try folder.load(100, allowsFewer: true)
        #expect(set.files == ["a.png"] + (0..<6).map { "b.jpg#\($0)" } + ["c.png"])
        #expect(set.faces.slice(1..<7) == (try TestFiles.faces(count: 6)))
        #expect(set.failures.isEmpty)
    }

    @Test func `takes the best face of every photo before the second of any`() throws {
        let folder = try FacesFolder()
        for name in ["a.jpg", "b.jpg", "c.jpg"] { try folder.copyDemoPhoto(as: name) }
        #expect(try folder.load(3).files == ["a.jpg#0", "b.jpg#0", "c.jpg#0"])
        let two = FaceSource.Options(paths: ["\(folder.path)/a.jpg", "\(folder.path)/b.jpg"], count: 4)
        let set = try FaceSource(two, configuration: TestFiles.configuration).load()
        #expect(set.files == ["a.jpg#0", "a.jpg#1", "b.jpg#0", "b.jpg#1"])
    }
}
