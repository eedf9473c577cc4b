import Foundation
import Logging
import NativeLibraries
import Testing

@testable import TensorRT

@Suite(.enabled(if: DoubleLibrary.canBuild, Comment(rawValue: DoubleLibrary.cannotBuild)))
struct LibraryTests {
    @Test(arguments: DoubleKind.all)
    func everyKnownInterfaceIsRecognised(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let library = try double.library()
        let can = library.capabilities
        #expect(library.path.hasPrefix(double.folder.path) || library.path.hasSuffix(".so.\(kind.family)"))
        #expect(library.flavour == (kind.isRTX ? .rtx : .full))
        #expect(can.builds)
        #expect(can.buildsWithoutGPU == kind.isRTX)
        #expect(can.choosesComputeCapabilities == kind.isRTX)
        #expect(can.reportsProgress == (kind.family != "8"))
        #expect(can.precisionIsAnOption == (kind.family == "8"))
        let names = [
            "8": "TensorRT 8.6.1", "10": "TensorRT 10.3.0", "11": "TensorRT 11.1.0", "rtx": "TensorRT-RTX 1.7.1",
        ]
        #expect(library.name == names[kind.family])
    }

    @Test(arguments: [
        (DoubleKind(family: "8", version: 8503), "TensorRT 8.5.3"),
        (DoubleKind(family: "8", version: 9200), "TensorRT 9.2.0"),
        (DoubleKind(family: "11", version: 120_000), "TensorRT 12.0.0"),
        (DoubleKind(family: "rtx", version: 10_400), "TensorRT-RTX 1.4.0"),
    ])
    func otherVersionsAreRefusedByName(_ kind: DoubleKind, _ name: String) throws {
        let double = try DoubleTensorRT(kind)
        let error = #expect(throws: TensorRTError.self) { try double.library() }
        let line = error?.description ?? ""
        #expect(error?.code == .unsupportedVersion)
        #expect(line.contains(name) && line.contains(double.folder.url.lastPathComponent))
        #expect(line.contains("install TensorRT") && !line.contains("\n"))
        #expect(try double.calls() == 0, "a library of unknown layout must not be called")
    }

    @Test func aRefusedVersionDoesNotHideAnotherThatWorks() throws {
        let machine = try TemporaryFolder()
        for (kind, folder) in [(DoubleKind(family: "11", version: 120_000), "first"), (.v10, "second")] {
            let place = machine.url.appending(path: ".deps/files/\(folder)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: try kind.folder().appending(path: "libnvinfer.so.\(kind.family)"),
                to: place.appending(path: "libarcfacedouble.so.1"))
        }
        let surroundings = SearchSurroundings(
            environment: [:], workingFolder: machine.path, executableFolder: nil, systemPrefixes: [])
        var search = LibrarySearch(
            name: "TensorRT", fileNames: ["libarcfacedouble.so.1"], pipFolders: ["first", "second"], mend: "install it")
        let library = try TensorRTLibrary.load(
            search, surroundings: surroundings, logger: RecordedLog(level: .info).logger)
        #expect(library.version == TensorRTVersion(10, 3, 0))

        search.pipFolders = ["first"]
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTLibrary.load(search, surroundings: surroundings, logger: RecordedLog(level: .info).logger)
        }
        #expect(error?.code == .unsupportedVersion)
    }

    @Test func aLibraryThatIsNotThereIsReportedWithEveryPlace() {
        let surroundings = SearchSurroundings(
            environment: [:], workingFolder: "/nowhere", executableFolder: nil, systemPrefixes: [])
        let search = LibrarySearch(
            name: "TensorRT", fileNames: ["libarcfacedouble.so.2"], pipFolders: ["tensorrt_libs"], mend: "install it")
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTLibrary.load(search, surroundings: surroundings, logger: RecordedLog(level: .info).logger)
        }
        #expect(error?.code == .libraryUnavailable)
        #expect(error?.description.contains("libarcfacedouble.so.2") == true)
        #expect(error?.description.contains("install it") == true)
    }

    @Test func anotherLibraryIsNotTakenForTensorRT() throws {
        let library = try NativeLibrary(opening: "libc.so.6")
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTLibrary(library, mend: "install it", logger: RecordedLog(level: .info).logger)
        }
        #expect(error?.code == .symbolMissing)
        #expect(error?.description.contains("getInferLibVersion") == true)
    }

    @Test func aRunOnlyLibraryRunsButDoesNotBuild() throws {
        let lean = try DoubleTensorRT(DoubleKind(family: "11", version: 110_100, isRunOnly: true))
        let library = try lean.library()
        #expect(library.flavour == .lean && !library.capabilities.builds)
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTBuilder(library, driver: DoubleTensorRT.driver)
        }
        #expect(error?.code == .builderUnavailable)

        let plan = try WholeFlow.build(with: try DoubleTensorRT(.v11)).plan
        let engine = try TensorRTRuntime(library, driver: DoubleTensorRT.driver).deserialize(plan)
        #expect(engine.profileCount == 2)
    }

    @Test(arguments: DoubleKind.all)
    func aLibraryWithoutItsParserSaysSo(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let names = try FileManager.default.contentsOfDirectory(atPath: double.folder.path)
        for name in names where name.contains("parser") {
            try FileManager.default.removeItem(at: double.folder.url.appending(path: name))
        }
        let library = try double.library()
        let error = #expect(throws: TensorRTError.self) {
            try TensorRTBuilder(library, driver: DoubleTensorRT.driver)
        }
        #expect(error?.code == .parserUnavailable)
        let name = kind.isRTX ? "libtensorrt_onnxparser_rtx.so.1" : "libnvonnxparser.so.\(kind.family)"
        #expect(error?.description.contains(name) == true)
        #expect(error?.description.contains("install") == true)
    }

    @Test func unloadingLeavesNothingBehind() throws {
        let double = try DoubleTensorRT(.v10)
        do {
            let engine = try WholeFlow.engine(with: double)
            _ = try engine.makeContext()
            #expect(try double.live() > 0)
        }
        #expect(try double.live() == 0)
    }
}

struct VersionTests {
    @Test(arguments: [
        (8601, TensorRTVersion(8, 6, 1)), (8503, TensorRTVersion(8, 5, 3)), (9200, TensorRTVersion(9, 2, 0)),
        (100_300, TensorRTVersion(10, 3, 0)), (101_600, TensorRTVersion(10, 16, 0)),
        (110_400, TensorRTVersion(11, 4, 0)), (10_701, TensorRTVersion(1, 7, 1)),
    ])
    func libraryNumbersAreTakenApart(_ number: Int, _ version: TensorRTVersion) {
        #expect(TensorRTVersion(libraryNumber: number) == version)
    }
}
