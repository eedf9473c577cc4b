import Testing

@testable import ONNXRuntime

@Suite(.enabled(if: TestDependencies.hasLibrary, TestDependencies.libraryMissing))
struct RunErrorTests {
    /// Runs the doubling model with one input and maybe an output, and gives the error.
    private func failure(
        input: String = "x", shape: [Int] = [1, 3], count: Int = 3, output: (String, [Int], Int)? = nil
    ) throws -> ONNXRuntimeError? {
        let session = try TestDependencies.session(TinyModel.doubling.bytes, name: "doubling.onnx")
        let memory = [Float](repeating: 1, count: count)
        var target = [Float](repeating: 0, count: max(1, output?.2 ?? 1))
        do {
            try memory.withUnsafeBufferPointer { memory in
                let view = TensorView(name: input, shape: shape, elements: memory)
                guard let (name, shape, count) = output else {
                    return try session.run([view]) { _ in }
                }
                try target.withUnsafeMutableBufferPointer { target in
                    let target = UnsafeMutableBufferPointer(rebasing: target[..<count])
                    try session.run([view], into: [MutableTensorView(name: name, shape: shape, elements: target)])
                }
            }
            return nil
        } catch let error as ONNXRuntimeError {
            return error
        }
    }

    @Test func anUnknownInputIsNamedBesideTheKnownOnes() throws {
        let error = try #require(try failure(input: "data"))
        #expect(error.code == .unknownTensor)
        #expect(error.description == "doubling.onnx: the model has no input `data`; its inputs are `x`")
    }

    @Test func anUnknownOutputIsNamedBesideTheKnownOnes() throws {
        let error = try #require(try failure(output: ("z", [1, 3], 3)))
        #expect(error.code == .unknownTensor)
        #expect(error.description == "doubling.onnx: the model has no output `z`; its outputs are `y`")
    }

    @Test(arguments: [[3], [1, 4], [1, 1, 3]])
    func aShapeThatTheModelDoesNotDeclareIsRefused(shape: [Int]) throws {
        let error = try #require(try failure(shape: shape, count: shape.reduce(1, *)))
        #expect(error.code == .wrongShape)
        #expect(error.description.contains("\(shape)") && error.description.contains("x: float32 [N,3]"))
    }

    @Test(arguments: [([1, 3], 2), ([1, 3], 4), ([-1, 3], 3), ([Int.max, 3], 3)])
    func memoryThatDoesNotFitTheShapeIsRefused(shape: [Int], count: Int) throws {
        let error = try #require(try failure(shape: shape, count: count))
        #expect(error.code == .wrongByteCount)
    }

    @Test func anOutputShapeThatTheRunDoesNotGiveIsRefused() throws {
        let error = try #require(try failure(shape: [2, 3], count: 6, output: ("y", [1, 3], 3)))
        #expect(error.code == .runFailed)
        #expect(error.description.hasPrefix("doubling.onnx: the run failed: "))
        #expect(error.runtimeCode != nil)
    }

    @Test func anotherElementTypeIsRefused() throws {
        let session = try TestDependencies.session(TinyModel.doubling.bytes)
        let doubles: [Double] = [1, 2, 3]
        let error = #expect(throws: ONNXRuntimeError.self) {
            try doubles.withUnsafeBufferPointer { doubles in
                try session.run([TensorView(name: "x", shape: [1, 3], elements: doubles)]) { _ in }
            }
        }
        #expect(error?.code == .wrongElementType)
        #expect(error?.what == "the input `x` holds float64, the model wants float32")
    }

    @Test func aMissingInputAndOneGivenTwiceAreRefused() throws {
        let session = try TestDependencies.session(TinyModel.sumAndDifference.bytes)
        let values: [Float] = [1]
        values.withUnsafeBufferPointer { values in
            let a = TensorView(name: "a", shape: [1], elements: values)
            let missing = #expect(throws: ONNXRuntimeError.self) { try session.run([a]) { _ in } }
            #expect(missing?.what == "the input `b` is missing")
            let twice = #expect(throws: ONNXRuntimeError.self) { try session.run([a, a]) { _ in } }
            #expect(twice?.what == "the input `a` is given twice")
        }
    }

    @Test func aFailureInsideTheGraphKeepsTheRuntimesMessage() throws {
        let session = try TestDependencies.session(TinyModel.gather.bytes, name: "gather.onnx")
        let (table, index): ([Float], [Int64]) = ([1, 2, 3, 4], [99])
        let error = #expect(throws: ONNXRuntimeError.self) {
            try table.withUnsafeBufferPointer { table in
                try index.withUnsafeBufferPointer { index in
                    try session.run([
                        TensorView(name: "table", shape: [4], elements: table),
                        TensorView(name: "index", shape: [1], elements: index),
                    ]) { _ in }
                }
            }
        }
        #expect(error?.code == .runFailed)
        #expect(error?.description.contains("99") == true)
        #expect(error?.description.contains("\n") == false)
    }
}
