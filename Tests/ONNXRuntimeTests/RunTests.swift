import Testing

@testable import ONNXRuntime

@Suite(.enabled(if: TestDependencies.hasLibrary, TestDependencies.libraryMissing))
struct RunTests {
    @Test func aSessionDescribesItsInputsAndOutputs() throws {
        let session = try TestDependencies.session(TinyModel.bytesToFloats.bytes)
        #expect(session.inputs == [.init(name: "bytes", elementType: .uint8, shape: [.symbol("N"), .value(2)])])
        #expect(session.outputs.map(\.description) == ["floats: float32 [N,2]"])
        #expect(session.device == .cpu)
    }

    @Test func outputsAreWrittenIntoTheCallersMemory() throws {
        let session = try TestDependencies.session(TinyModel.doubling.bytes)
        let input: [Float] = [1, 2, 3, -4, 5.5, 0]
        var output = [Float](repeating: .nan, count: 6)
        try input.withUnsafeBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { output in
                try session.run(
                    [TensorView(name: "x", shape: [2, 3], elements: input)],
                    into: [MutableTensorView(name: "y", shape: [2, 3], elements: output)])
            }
        }
        #expect(output == [2, 4, 6, -8, 11, 0])
    }

    @Test func outputsThatAreTheInputUnchangedReachTheCallersMemoryToo() throws {
        let session = try TestDependencies.session(TinyModel.passedThrough.bytes)
        let input: [Float] = [1, 2, 3, 4, 5, 6]
        var outputs = [Float](repeating: 0, count: 12)
        try input.withUnsafeBufferPointer { input in
            try outputs.withUnsafeMutableBufferPointer { outputs in
                try session.run(
                    [TensorView(name: "x", shape: [2, 3], elements: input)],
                    into: [
                        MutableTensorView(
                            name: "row", shape: [1, 6], elements: UnsafeMutableBufferPointer(rebasing: outputs[..<6])),
                        MutableTensorView(
                            name: "same", shape: [2, 3], elements: UnsafeMutableBufferPointer(rebasing: outputs[6...])),
                    ])
            }
        }
        #expect(outputs == input + input)
    }

    @Test func lentOutputsEqualThoseInTheCallersMemory() throws {
        let session = try TestDependencies.session(TinyModel.sumAndDifference.bytes)
        let (a, b): ([Float], [Float]) = ([1, 2, 3], [10, 20, 40])
        var sum = [Float](repeating: 0, count: 3)
        try a.withUnsafeBufferPointer { a in
            try b.withUnsafeBufferPointer { b in
                let inputs = [
                    TensorView(name: "b", shape: [3], elements: b), TensorView(name: "a", shape: [3], elements: a),
                ]
                try sum.withUnsafeMutableBufferPointer {
                    try session.run(inputs, into: [MutableTensorView(name: "sum", shape: [3], elements: $0)])
                }
                let lent = try session.run(inputs, outputs: ["difference", "sum"]) { outputs in
                    #expect(outputs.map(\.name) == ["difference", "sum"])
                    #expect(outputs.map(\.shape) == [[3], [3]])
                    return outputs.map { $0.array(of: Float.self) }
                }
                #expect(lent == [[-9, -18, -37], [11, 22, 43]])
                #expect(sum == lent[1])
            }
        }
    }

    @Test(arguments: [[], [0, 0, 0], [0, 7, 0, 9, 1]] as [[Float]])
    func lentOutputsHaveTheShapeThatTheDataGives(input: [Float]) throws {
        let session = try TestDependencies.session(TinyModel.nonZero.bytes)
        let expected = input.indices.filter { input[$0] != 0 }.map { Int64($0) }
        try input.withUnsafeBufferPointer { input in
            try session.run([TensorView(name: "x", shape: [input.count], elements: input)]) { outputs in
                let places = try #require(outputs.first)
                #expect(places.shape == [1, expected.count])
                #expect(places.elementType == .int64)
                #expect(places.elements(as: Float.self) == nil)
                #expect(places.array(of: Int64.self) == expected)
            }
        }
    }

    @Test func bytesGoInAsTheyAre() throws {
        let session = try TestDependencies.session(TinyModel.bytesToFloats.bytes)
        let bytes: [UInt8] = [0, 127, 128, 255]
        try bytes.withUnsafeBufferPointer { bytes in
            try session.run([TensorView(name: "bytes", shape: [2, 2], elements: bytes)]) { outputs in
                #expect(outputs.first?.array(of: Float.self) == [0, 127, 128, 255])
            }
        }
    }

    @Test func eightThreadsRunOneSessionAtOnce() async throws {
        let session = try TestDependencies.session(TinyModel.doubling.bytes)
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    var wrong = 0
                    for step in 0..<200 {
                        let rows = 1 + (thread + step) % 5
                        let input = (0..<rows * 3).map { Float($0 + 1000 * thread + step) }
                        var output = [Float](repeating: 0, count: input.count)
                        try input.withUnsafeBufferPointer { input in
                            try output.withUnsafeMutableBufferPointer { output in
                                try session.run(
                                    [TensorView(name: "x", shape: [rows, 3], elements: input)],
                                    into: [MutableTensorView(name: "y", shape: [rows, 3], elements: output)])
                            }
                        }
                        if output != input.map({ $0 * 2 }) { wrong += 1 }
                    }
                    return wrong
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test func aCancelledRunFailsAndTheSessionGoesOn() throws {
        let session = try TestDependencies.session(TinyModel.doubling.bytes)
        let cancellation = try RunCancellation(for: session)
        let input: [Float] = [1, 2, 3]
        func run() throws -> [Float]? {
            try input.withUnsafeBufferPointer { input in
                try session.run(
                    [TensorView(name: "x", shape: [1, 3], elements: input)], cancellation: cancellation
                ) { $0.first?.array(of: Float.self) }
            }
        }
        #expect(try run() == [2, 4, 6])
        try cancellation.cancel()
        #expect(throws: ONNXRuntimeError.self) { try run() }
        #expect(cancellation.isCancelled)
        let after = try input.withUnsafeBufferPointer { input in
            try session.run([TensorView(name: "x", shape: [1, 3], elements: input)]) { $0.count }
        }
        #expect(after == 1)
    }
}
