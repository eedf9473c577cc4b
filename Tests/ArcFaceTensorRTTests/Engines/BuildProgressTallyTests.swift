import Testing

@testable import ArcFaceTensorRT
@testable import TensorRT

/// TensorRT's nested phases as one number.
struct BuildProgressTallyTests {
    let tally = BuildProgressTally()

    func add(_ phase: String, in parent: String? = nil, _ step: Int, of steps: Int) -> Double {
        tally.add(BuildProgress(phase: phase, parent: parent, step: step, steps: steps)).fraction
    }

    @Test func aPhaseInsideCountsForAPartOfItsParentsStep() {
        #expect(add("Building", 0, of: 4) == 0)
        #expect(add("Timing", in: "Building", 1, of: 2) == 0.125)
        #expect(add("Kernel", in: "Timing", 5, of: 10) == 0.1875)
        #expect(add("Building", 1, of: 4) == 0.25)
        // What was inside the first step is over and doesn't count for the second.
        #expect(add("Building", 1, of: 4) == 0.25)
        #expect(add("Timing", in: "Building", 0, of: 2) == 0.25)
        #expect(add("Building", 4, of: 4) == 1)
    }

    @Test func theNumberNeverFallsAndStaysWithinItsRange() {
        #expect(add("First", 3, of: 4) == 0.75)
        #expect(add("Second", 0, of: 4) == 0.75)
        #expect(add("Second", 9, of: 4) == 1)
        #expect(add("Endless", 1, of: 0) == 1)
    }

    @Test func phasesInsideEachOtherDoNotGoRoundForEver() {
        _ = add("A", in: "B", 0, of: 2)
        _ = add("B", in: "A", 0, of: 2)
        _ = add("C", in: "C", 0, of: 2)
        #expect(add("A", in: "B", 1, of: 2) == 0)
    }

    @Test func timeLeftFollowsFromTheSpeedSoFar() {
        let progress = EngineBuildProgress(phase: "x", fraction: 0.25, elapsed: .seconds(10))
        #expect(progress.timeLeft == .seconds(30))
        #expect(EngineBuildProgress(phase: "x", fraction: 0.01, elapsed: .seconds(10)).timeLeft == nil)
        #expect(EngineBuildProgress(phase: "x", fraction: 1, elapsed: .seconds(10)).timeLeft == .zero)
    }
}
