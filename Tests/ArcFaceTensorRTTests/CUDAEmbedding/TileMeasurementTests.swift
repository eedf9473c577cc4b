import CUDADriver
import Foundation
import SmallNetworks
import Synchronization
import Testing

@testable import ArcFaceTensorRT
@testable import CUDAEngine

extension TileTests {
    /// Choosing tiles by running them, on a GPU whose kernels take as long as each test says.
    @Suite("Measuring tiles")
    struct TileMeasurementTests {
        private let machine: TileMachine
        private let context: CUDAContext
        private let compiler: EngineCompiler
        private let network: FusedNetwork
        private let problems: [TileProblem]
        private let setting = TileTimings.Setting(gpu: "NVIDIA H100", sm: 90, compiler: "13.0")

        init() throws {
            machine = try TileMachine()
            let gpus = try machine.search.gpus([0])
            context = try CUDAContext(on: gpus.first, of: gpus.driver)
            compiler = EngineCompiler(target: KernelTarget(try KernelArchitecture(90)), batches: [1, 8])
            network = try EngineCompiler.network(of: try SmallNetworks.tiny())
            problems = TileProblem.all(of: try compiler.compile(network).plan, target: compiler.target, limit: 4)
        }

        private func measurement(
            _ change: (inout TileMeasurement.Settings) -> Void = { _ in }
        ) throws -> TileMeasurement {
            var settings = TileMeasurement.Settings()
            (settings.candidates, settings.rounds) = (4, 3)
            change(&settings)
            let nvrtc = try NVRTC(search: machine.search.compiler)
            let architecture = compiler.target.architecture
            return TileMeasurement(compiler, on: context, settings: settings) { (variant) throws(CUDAEngineError) in
                try nvrtc.compile(variant, for: architecture).cubin
            }
        }

        private func run(
            known: TileTimings? = nil, _ change: (inout TileMeasurement.Settings) -> Void = { _ in }
        ) throws -> TileMeasurement.Outcome {
            try measurement(change).run(network, known: known ?? TileTimings(setting)) { _, _ in true }
        }

        /// Lets one candidate of each problem take `milliseconds`, all others one.
        private func favour(_ number: Int, _ milliseconds: Double) {
            let texts = Set(problems.map { TileMachine.text(of: $0.candidates[number].built.variant) })
            let usual = Set(problems.map { TileMachine.text(of: $0.candidates[0].built.variant) })
            machine.set(milliseconds: { module in
                texts.subtracting(usual).contains { module.hasPrefix($0) } ? milliseconds : 1
            })
        }

        /// Problems whose favoured kernel no other batch has as its usual one.
        private func clear(_ number: Int) -> [TileProblem] {
            let usual = Set(problems.map(\.candidates[0].built.variant))
            let favoured = Set(problems.map(\.candidates[number].built.variant))
            return problems.filter { problem in
                !usual.contains(problem.candidates[number].built.variant)
                    && problem.candidates.count { favoured.contains($0.built.variant) } == 1
            }
        }

        @Test func `takes the fastest candidate of each layer and batch`() throws {
            favour(2, 0.5)
            let outcome = try run()
            #expect(outcome.all == problems.count && outcome.measured == problems.count && outcome.known == 0)
            #expect(outcome.notes == [])
            let clear = clear(2)
            #expect(clear.count > 3)
            for problem in clear {
                #expect(outcome.tiles.choices[problem.place] == problem.candidates[2].choice)
            }
            #expect(outcome.faster >= clear.count)
            var tuned = compiler
            tuned.tiles = outcome.tiles
            let plan = try tuned.compile(network).plan
            try plan.validate()
            for problem in clear {
                for launch in plan.buckets[problem.bucket].launches where problem.steps.contains(launch.step) {
                    #expect(plan.kernels[launch.kernel] == problem.candidates[2].built.variant)
                    #expect(outcome.cubins[plan.kernels[launch.kernel]] != nil)
                }
            }
            #expect(try machine.gpu.misuse() == "")
        }

        @Test func `a time is that of one launch, whatever else the graph's launches cost`() throws {
            machine.set(milliseconds: { _ in 0.25 })
            for outcome in try run().timings.outcomes.values {
                guard case .took(let microseconds) = outcome else {
                    Issue.record("not measured")
                    continue
                }
                #expect(abs(microseconds - 250) < 5)
            }
        }

        @Test(arguments: [(0.99, false), (0.97, true)])
        func `what is no faster than noise leaves the table's`(time: Double, wins: Bool) throws {
            favour(1, time)
            let outcome = try run()
            #expect(outcome.tiles.choices.isEmpty == !wins)
        }

        @Test func `one lucky round of the table's choice changes nothing`() throws {
            // A kernel that no other problem launches.
            let all = problems.flatMap(\.candidates).map(\.built.variant)
            let problem = try #require(
                clear(1).first { problem in
                    problem.batch == 1 && all.count { $0 == problem.candidates[0].built.variant } == 1
                })
            let usual = TileMachine.text(of: problem.candidates[0].built.variant)
            let favoured = TileMachine.text(of: problem.candidates[1].built.variant)
            let count = Mutex(0)
            machine.set(milliseconds: { module in
                if module.hasPrefix(favoured) { return 0.9 }
                guard module.hasPrefix(usual) else { return 1 }
                let launch = count.withLock {
                    $0 += 1
                    return $0
                }
                // After the check's launch and the round that warms up: the first of three rounds of 24.
                return (26..<50).contains(launch) ? 0.01 : 1
            })
            let outcome = try run()
            #expect(count.withLock { $0 } == 1 + 4 * 24)
            #expect(outcome.tiles.choices[problem.place] == problem.candidates[1].choice)
        }

        @Test func `what is known is neither compiled nor run again, and gives the same tiles`() throws {
            favour(2, 0.5)
            let first = try run()
            let (compiled, calls) = (try machine.compiled(), try machine.gpu.driverCalls())
            let kept = try #require(TileTimings(first.timings.bytes))
            let second = try run(known: kept)
            #expect(second.measured == 0 && second.known == second.all)
            #expect(second.tiles.choices == first.tiles.choices)
            #expect(try machine.compiled() == compiled)
            #expect(try machine.gpu.driverCalls() == calls)
        }

        @Test func `a kernel that doesn't compile is left out, and said so`() throws {
            favour(1, 0.5)
            let problem = try #require(clear(1).first)
            let variant = problem.candidates[1].built.variant
            try machine.refuse(String(TileMachine.text(of: variant).dropFirst(3).dropLast()) + " ")
            let outcome = try run()
            #expect(outcome.tiles.choices[problem.place] == nil)
            #expect(outcome.measured == outcome.all)
            #expect(outcome.notes.contains { $0.contains("is left out") && $0.contains("refuse this") })
            // It isn't tried by the next build either.
            #expect(try run(known: outcome.timings).measured == 0)
        }

        @Test func `a kernel that can't be loaded is left out, and said so`() throws {
            favour(1, 0.5)
            try machine.gpu.failDriver("cuModuleLoadDataEx", after: 1, with: 200)
            let outcome = try run()
            #expect(outcome.tiles.choices[problems[0].place] == nil)
            #expect(outcome.notes.count == 1 && outcome.notes[0].contains("is left out"), "\(outcome.notes)")
            #expect(outcome.measured == outcome.all)
        }

        @Test func `a kernel that gives other numbers than the table's is left out, however fast`() throws {
            favour(1, 0.1)
            let launches = problems.map { problem in problem.candidates.map { TileMachine.Launch($0.built) } }
            let position = try #require(
                problems.indices.first { place in
                    // Nothing else is launched in the same way.
                    launches.joined().count { $0 == launches[place][1] } == 1
                })
            let wrong = launches[position][1]
            machine.set(answer: { $0 == wrong ? .wrong : .right })
            let outcome = try run()
            #expect(outcome.tiles.choices[problems[position].place] == nil)
            #expect(outcome.notes.count == 1 && outcome.notes[0].contains("aren't those of the table's choice"))
        }

        @Test func `where the table's own choice can't run, the table decides`() throws {
            favour(1, 0.5)
            try machine.gpu.failDriver("cuModuleLoadDataEx", after: 0, with: 200)
            let outcome = try run()
            #expect(outcome.tiles.choices[problems[0].place] == nil && outcome.measured == outcome.all - 1)
            #expect(outcome.notes.count == 1 && outcome.notes[0].contains("the table's own choice doesn't run"))
            // A fault that has passed is no verdict.
            #expect(try run(known: outcome.timings).measured == 1)
        }

        @Test func `a GPU that is lost ends it with the driver's error`() throws {
            machine.set(answer: { _ in .fault })
            let error = #expect(throws: ResidentEngine.Failure.self) { try run() }
            guard case .driver(let failure) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(failure.isSticky)
            try machine.gpu.resetDriver()
        }

        @Test func `too little memory leaves the table's, and says so`() throws {
            try machine.gpu.set(memory: 1000)
            let outcome = try run()
            #expect(outcome.tiles.choices.isEmpty && outcome.measured == 0)
            #expect(outcome.notes.contains { $0.contains("nothing can be measured") })
        }

        @Test func `stops at once when it shall`() throws {
            let asked = Mutex(0)
            let error = #expect(throws: ResidentEngine.Failure.self) {
                try measurement().run(network, known: TileTimings(setting)) { _, _ in
                    asked.withLock {
                        $0 += 1; return $0 < 20
                    }
                }
            }
            guard case .engine(let failure) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(failure.code == .cancelled)
            #expect(try machine.gpu.live("device") == 0)
        }

        @Test func `when its time is over the rest keeps the table's, and the next build goes on from there`() throws {
            favour(2, 0.5)
            let clock = Mutex(0)
            // Each look at the clock is a second.
            let outcome = try run { settings in
                settings.now = {
                    .seconds(
                        clock.withLock {
                            $0 += 1; return $0
                        })
                }
                settings.limit = .seconds(30)
            }
            #expect(outcome.measured > 0 && outcome.measured < outcome.all)
            #expect(outcome.notes.count == 1 && outcome.notes[0].contains("the time for measuring is over"))
            let rest = try run(known: outcome.timings)
            #expect(rest.known == outcome.measured && rest.measured == outcome.all - outcome.measured)
        }
    }
}
