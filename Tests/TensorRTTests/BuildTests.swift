import Foundation
import ONNXModel
import Synchronization
import Testing

@testable import TensorRT

@Suite(.enabled(if: DoubleLibrary.canBuild, Comment(rawValue: DoubleLibrary.cannotBuild)))
struct BuildTests {
    @Test(arguments: DoubleKind.all)
    func everySettingReachesTheBuilder(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let built = try WholeFlow.build(with: double)
        let own: [String: [String]] = [
            "8": ["network 1", "flag 15", "flag 0", "hardware 1"], "10": ["network 2", "flag 13", "hardware 1"],
            "11": ["network 0", "flag 12", "hardware 1"],
            "rtx": ["network 0", "capabilities 2", "capability 0 86", "capability 1 120"],
        ]
        let expected = ["threads 2", "pool 0 1048576", "level 3", "verbosity 2"] + (own[kind.family] ?? [])
        #expect(try double.journal().sorted() == expected.sorted())
        #expect(try double.traps() == 0)

        #expect(built.layerCount == 7)
        #expect(built.inputs == [.init(name: "faces", elementType: .uint8, shape: [-1, 112, 112, 3])])
        #expect(built.outputs == [.init(name: "embedding", elementType: .float, shape: [-1, 16])])
        #expect(built.warnings.map(\.message) == ["double: a warning from a worker thread"])
        #expect(String(decoding: built.plan.bytes.prefix(14), as: UTF8.self) == "plan of double")
        #expect(built.plan.count == built.plan.bytes.count)
    }

    @Test(arguments: DoubleKind.all)
    func theTimingCacheIsKeptAndOneOfAnotherVersionIsReplaced(_ kind: DoubleKind) throws {
        let mine = "timings \(kind.version)\n"
        for (given, used, after) in [
            (nil, false, mine), (mine, true, mine + mine), ("timings of another machine", false, mine),
        ] as [(String?, Bool, String)] {
            let built = try WholeFlow.build(with: try DoubleTensorRT(kind)) {
                $0.timingCache = given.map { Array($0.utf8) }
            }
            #expect(built.usedTimingCache == used)
            #expect(String(decoding: built.timingCache, as: UTF8.self) == after)
        }
    }

    @Test(arguments: DoubleKind.all)
    func aRefusedModelNamesItsNode(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: double, model: TestModels.broken())
        }
        #expect(error?.code == .modelRefused)
        let complaint = error?.parserErrors.first
        #expect(error?.parserErrors.count == 1)
        #expect(complaint?.reason == "no importer for Broken" && complaint?.nodeIndex == 0 && complaint?.code == 8)
        #expect(complaint?.nodeName == (kind.family == "8" ? "" : "the_bad_one"))
        #expect(complaint?.operation == (kind.family == "8" ? "" : "Broken"))
        #expect(error?.description.contains("no importer for Broken") == true)
        #expect(error?.log.contains { $0.message == "double: no importer for Broken" } == true)
        #expect(try double.live() == 0 && double.traps() == 0)
    }

    @Test(arguments: [[], [1, 2, 3], [UInt8](repeating: 255, count: 1000)] as [[UInt8]])
    func bytesThatAreNoModelAreRefused(_ bytes: [UInt8]) throws {
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: try DoubleTensorRT(.v10), model: bytes)
        }
        #expect(error?.code == .modelRefused && error?.parserErrors.isEmpty == bytes.isEmpty)
    }

    @Test(arguments: DoubleKind.all)
    func aModelFileIsReadByTheParser(_ kind: DoubleKind) throws {
        let double = try DoubleTensorRT(kind)
        let file = double.folder.url.appending(path: "tiny.onnx")
        try Data(TestModels.tiny()).write(to: file)
        let builder = try TensorRTBuilder(try double.library(), driver: DoubleTensorRT.driver)
        let built = try builder.build(.file(file.path), options: WholeFlow.options(for: kind))
        #expect(built.layerCount == 7)
        let error = #expect(throws: TensorRTError.self) {
            try builder.build(.file("/nowhere.onnx"), options: WholeFlow.options(for: kind))
        }
        #expect(error?.code == .modelRefused && error?.where == "/nowhere.onnx")
    }

    @Test func onlyTheBatchMayBeOpen() throws {
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: try DoubleTensorRT(.v10), model: TestModels.tiny(height: .named("H")))
        }
        #expect(error?.code == .unsuitableNetwork)
        #expect(error?.description.contains("`faces`") == true)
    }

    @Test func aFixedBatchMustBeTheProfiles() throws {
        let model = TestModels.tiny(batch: .value(4))
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: try DoubleTensorRT(.v10), model: model)
        }
        #expect(error?.code == .unsuitableNetwork)
        let built = try WholeFlow.build(with: try DoubleTensorRT(.v10), model: model) {
            $0.profiles = [BatchProfile(minimum: 4, optimum: 4, maximum: 4)]
        }
        #expect(built.inputs.first?.shape == [4, 112, 112, 3])
    }

    @Test func anOpenBatchNeedsAProfile() throws {
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: try DoubleTensorRT(.v11)) { $0.profiles = [] }
        }
        #expect(error?.code == .unsupportedOption)
    }

    @Test(arguments: DoubleKind.all)
    func whatAVersionDoesNotHaveIsAnErrorBeforeAnythingIsBuilt(_ kind: DoubleKind) throws {
        let changes: [(refused: Bool, change: (inout BuildOptions) -> Void)] = [
            (kind.family != "8", { $0.precisions = [.int8] }),
            (!kind.isRTX, { $0.computeCapabilities = [86] }),
            (kind.isRTX, { $0.hardwareCompatibility = .ampereAndNewer }),
            (kind.isRTX, { $0.isVersionCompatible = true }),
            (kind.isRTX || kind.family == "8", { $0.hardwareCompatibility = .sameComputeCapability }),
            (true, { $0.optimizationLevel = 6 }), (true, { $0.workspaceByteCount = -1 }), (true, { $0.maxThreads = 0 }),
            (true, { $0.profiles = [BatchProfile(minimum: 2, optimum: 1, maximum: 8)] }),
            (true, { $0.profiles = [BatchProfile(minimum: 0, optimum: 1, maximum: 8)] }),
        ]
        for (index, (refused, change)) in changes.enumerated() {
            let double = try DoubleTensorRT(kind)
            let outcome = Result { try WholeFlow.build(with: double, options: change) }
            guard refused else {
                #expect(throws: Never.self, "change \(index)") { try outcome.get() }
                continue
            }
            let error = #expect(throws: TensorRTError.self, "change \(index)") { try outcome.get() }
            #expect(error?.code == .unsupportedOption, "change \(index)")
            #expect(error?.mend.isEmpty == false, "change \(index)")
            #expect(try double.calls() == 0, "change \(index)")
        }
    }

    @Test func aComputeCapabilityThatTensorRTRefusesIsNamed() throws {
        let error = #expect(throws: TensorRTError.self) {
            try WholeFlow.build(with: try DoubleTensorRT(.rtx)) { $0.computeCapabilities = [90] }
        }
        #expect(error?.code == .unsupportedOption)
        #expect(error?.description.contains("double: no compute capability 90") == true)
    }

    @Test(arguments: DoubleKind.all)
    func progressIsToldAndABuildCanBeCancelled(_ kind: DoubleKind) throws {
        let seen = Mutex<[BuildProgress]>([])
        _ = try WholeFlow.build(
            with: try DoubleTensorRT(kind),
            progress: { progress in
                seen.withLock { $0.append(progress) }
                return true
            })
        let expected: [BuildProgress] =
            kind.family == "8"
            ? [0, 1].map { BuildProgress(phase: "Building", parent: nil, step: $0, steps: 1) }
            : [BuildProgress(phase: "Building", parent: nil, step: 0, steps: 2)]
                + (0...3).map { BuildProgress(phase: "Timing", parent: "Building", step: $0, steps: 3) }
                + (1...2).map { BuildProgress(phase: "Building", parent: nil, step: $0, steps: 2) }
        #expect(seen.withLock { $0 } == expected)

        for stop in expected.indices.dropLast() {
            let double = try DoubleTensorRT(kind)
            let count = Mutex(0)
            let error = #expect(throws: TensorRTError.self) {
                try WholeFlow.build(
                    with: double,
                    progress: { _ in
                        count.withLock { count in
                            count += 1
                            return count <= stop
                        }
                    })
            }
            #expect(error?.code == .cancelled)
            #expect(count.withLock { $0 } == stop + 1, "asked again after it had said stop")
            #expect(try double.live() == 0)
        }
    }

    @Test func aBuilderThatNeedsAGPUIsNotAskedWithoutOne() throws {
        let double = try DoubleTensorRT(.v10)
        let library = try double.library()
        for driver in [DriverState.unavailable("no libcuda"), .present(cudaVersion: 13_000, devices: 0)] {
            let error = #expect(throws: TensorRTError.self) { try TensorRTBuilder(library, driver: driver) }
            #expect(error?.code == .deviceUnavailable)
        }
        #expect(try double.calls() == 0)
        let rtx = try DoubleTensorRT(.rtx)
        #expect(throws: Never.self) { try TensorRTBuilder(try rtx.library(), driver: .unavailable("no libcuda")) }
    }
}
