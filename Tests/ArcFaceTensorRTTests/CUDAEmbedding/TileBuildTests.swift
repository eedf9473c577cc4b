import CUDAEngine
import EngineStore
import Foundation
import SmallNetworks
import Synchronization
import Testing

@testable import ArcFaceTensorRT

extension TileTests {
    /// `build --runtime cuda` on a machine with a GPU and a compiler: where tiles come from, and what is kept.
    @Suite("Building an engine of our own on a GPU")
    struct TileBuildTests {
        private let machine: TileMachine
        private let engines: URL
        private let model: String

        init() throws {
            machine = try TileMachine()
            engines = machine.gpu.folder.appending(path: "engines")
            model = machine.gpu.folder.appending(path: "tiny.onnx").path
            try SmallNetworks.tiny().model.write(to: model)
        }

        private func build(
            _ tiles: EngineBuildJob.Tiles? = nil, for capability: Int? = nil, force: Bool = true, cache: String? = nil,
            shouldStop: @escaping @Sendable () -> Bool = { false }
        ) throws -> (summary: EngineBuildJob.Summary?, lines: [String]) {
            var configuration = ArcFaceConfiguration()
            configuration.tensorRT.onnxPath = model
            configuration.tensorRT.modelName = "tiny"
            configuration.tensorRT.precision = .fp16
            configuration.tensorRT.maxBatchSize = 1
            configuration.tensorRT.engineLocalDirectory = engines.path
            let job = EngineBuildJob(
                options: .init(
                    runtime: .cuda, timingCachePath: cache, computeCapabilities: capability.map { [$0] } ?? [],
                    force: force, acceptance: .off, tiles: tiles),
                configuration: configuration, search: machine.search)
            let lines = Mutex<[String]>([])
            let summary = try job.run(shouldStop: shouldStop) { event in
                if case .message(let line) = event { lines.withLock { $0.append(line) } }
            }
            return (summary, lines.withLock { $0 })
        }

        private func tiles(_ summary: EngineBuildJob.Summary?) throws -> EngineBuilderOptions.Tiles? {
            try EngineFolder.engine(at: try #require(summary).path, trust: .anyone).manifest.builder.tiles
        }

        private func caches() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: engines.path)
                .filter { $0.hasSuffix(".timing-cache") }
                .map { engines.appending(path: $0).path }
        }

        @Test func `measures tiles, says so, and keeps what it measured for the next build`() throws {
            let first = try build()
            #expect(try tiles(first.summary) == .measured)
            #expect(
                first.lines.contains { $0.contains("measured on Fake GPU A") && $0.contains("0 from the timing cache") }
            )
            let path = try #require(try caches().first)
            #expect(path.contains("nvrtc13.0-sm90-Fake-GPU-A"))
            #expect(first.summary?.timingCache == path && first.summary?.usedTimingCache == false)
            #expect(first.summary?.json.contains("\"tiles\":\"measured\"") == true)

            let compiled = try machine.compiled()
            let second = try build()
            #expect(second.lines.contains { $0.contains("all from the timing cache, nothing was measured") })
            #expect(second.summary?.usedTimingCache == true)
            // Only the kernels of the engine itself are compiled again.
            #expect(try machine.compiled() - compiled < 20)
            #expect(try machine.gpu.misuse() == "")
            #expect(try machine.gpu.live("device") == 0)
        }

        @Test func `takes the table where it is asked to, or the GPU isn't of the engine's kind`() throws {
            let asked = try build(.table)
            #expect(try tiles(asked.summary) == .table)
            #expect(asked.lines.contains { $0.hasPrefix("tiles: the table's") })
            let other = try build(for: 86)
            #expect(try tiles(other.summary) == .table)
            #expect(try caches() == [] && other.summary?.timingCache == nil)
            let error = #expect(throws: ArcFaceError.self) { try build(.measured, for: 86) }
            #expect(error?.code == .unavailable)
            #expect(error?.description.contains("--tiles table") == true)
        }

        @Test func `a stored engine fits whatever its tiles, unless some are asked for`() throws {
            _ = try build(.table)
            #expect(try build(force: false).summary?.isNew == false)
            #expect(try build(.table, force: false).summary?.isNew == false)
            let measured = try build(.measured, force: false)
            #expect(measured.summary?.isNew == true)
            #expect(measured.summary?.reason?.contains("tiles table, measured wanted") == true)
            #expect(try build(force: false).summary?.isNew == false)
        }

        @Test(arguments: [0, 40, -1])
        func `a damaged cache is told of, and written anew`(place: Int) throws {
            _ = try build()
            let path = try #require(try caches().first)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let good = bytes
            if place < 0 { bytes.removeLast(bytes.count / 2) } else { bytes[place] ^= 1 }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let again = try build()
            #expect(again.summary?.usedTimingCache == false)
            #expect(again.lines.contains { $0.contains("didn't take the timing cache") })
            let count = TileTimings(good)?.count
            #expect(TileTimings([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))?.count == count)
        }

        @Test func `what was measured on another GPU isn't taken`() throws {
            let path = machine.gpu.folder.appending(path: "named.cache").path
            let other = TileTimings(TileTimings.Setting(gpu: "NVIDIA H200", sm: 90, compiler: "13.0"))
            try Data(other.bytes).write(to: URL(fileURLWithPath: path))
            let built = try build(cache: path)
            #expect(built.lines.contains { $0.contains("didn't take the timing cache") })
            #expect(built.lines.contains { $0.contains("0 from the timing cache") })
            let now = TileTimings([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
            #expect(now?.setting.gpu.hasPrefix("Fake GPU A") == true)
        }

        @Test func `what another build wrote meanwhile isn't lost`() throws {
            let tools = try machine.search.tools(of: .cuda, for: .building)
            let gpus = try machine.search.gpus([0])
            try FileManager.default.createDirectory(at: engines, withIntermediateDirectories: true)
            _ = try build()
            let path = try #require(try caches().first)
            let own = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let empty = TileTimings(try #require(TileTimings(own)).setting)
            let file = try #require(
                TimingCacheFile(
                    named: nil, folder: engines.path, machine: EngineMachine(tools: tools, gpus: gpus)))
            #expect(file.path == path)
            #expect(file.write(empty.bytes) == nil)
            #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == own)
        }

        @Test func `stopped while it measures leaves nothing`() throws {
            let asked = Mutex(0)
            let stopped = try build(
                shouldStop: {
                    asked.withLock {
                        $0 += 1; return $0 > 25
                    }
                })
            #expect(stopped.summary == nil)
            let left = try FileManager.default.contentsOfDirectory(atPath: engines.path).filter { !$0.hasPrefix(".") }
            #expect(left == [], "\(left)")
            #expect(try machine.gpu.live("device") == 0)
        }

        @Test func `a lost GPU is an error, not a table`() throws {
            machine.set(answer: { _ in .fault })
            let error = #expect(throws: ArcFaceError.self) { try build() }
            #expect(error?.code == .runtimeFailed)
            #expect(error?.description.contains("--tiles table") == true)
            try machine.gpu.resetDriver()
        }

        @Test func `only engines of our own have tiles`() throws {
            let job = EngineBuildJob(
                options: .init(runtime: .tensorrt, tiles: .table), configuration: ArcFaceConfiguration(),
                search: machine.search)
            let error = #expect(throws: ArcFaceError.self) { try job.run() }
            #expect(error?.code == .configuration && error?.description.contains("--tiles") == true)
        }
    }
}
