import CCUDAEngine
import CUDAEngine
import NativeLibraries
import Synchronization

/// Our kernels as functions of the CPU, for the double of the driver: each finds out by the weights that it is given which
/// step it does, and reads and writes the memory that its argument points at.
enum HostKernels {
    /// A step and the layout of the weights that it reads.
    private struct Known {
        var step: PlanStep
        var layout: PackedWeights.Layout
        var mean: Float
        var element: PlanValue.Element

        /// Bytes of a number that it writes, and of one that it adds.
        var outputByteCount: Int { step.epilogue.contains(.float32Output) ? 4 : element.byteCount }
    }

    /// By the first bytes of a step's weights and bias.
    private static let known = Mutex<[[UInt8]: Known]>([:])
    /// Launches that named no known step, or touched memory that isn't there.
    static var faults: [String] { collected.withLock { $0 } }
    private static let collected = Mutex<[String]>([])

    /// Makes the steps of an engine known, and the kernels to a double of the driver.
    static func install(_ compiled: EngineCompiler.Result, in cuda: NativeLibrary) throws {
        let plan = compiled.plan
        for step in plan.steps {
            for packed in step.weights {
                let key = compiled.weights.withUnsafeBytes { bytes -> [UInt8] in
                    guard let start = bytes.baseAddress else { return [] }
                    return Self.key(weights: start + packed.offset, bias: start + step.biasOffset)
                }
                known.withLock {
                    $0[key] = Known(step: step, layout: packed.layout, mean: plan.mean, element: plan.element)
                }
            }
        }
        let register = unsafeBitCast(
            try cuda.symbol("fake_cuda_register_kernel"),
            to: (@convention(c) (UnsafePointer<CChar>, @convention(c) (UnsafeRawPointer) -> Int32) -> Void).self)
        for name in Set(plan.kernels.map(\.source)) {
            if name.hasPrefix("hopper") {
                register(name) { HostKernels.run($0, hasMaps: true) }
            } else {
                register(name) { HostKernels.run($0, hasMaps: false) }
            }
        }
    }

    /// The text that the double takes for a module: an entry and the size of its argument.
    static func module(of variant: KernelVariant) -> [UInt8] {
        let size = variant.source.hasPrefix("hopper") ? (64, 576) : (8, 72)
        return Array(
            """
            .version 8.0
            .target sm_90a
            .visible .entry \(variant.source)(.param .align \(size.0) .b8 arguments[\(size.1)]) { ret; }
            """.utf8)
    }

    private static func key(weights: UnsafeRawPointer?, bias: UnsafeRawPointer?) -> [UInt8] {
        guard let weights, let bias else { return [] }
        return Array(UnsafeRawBufferPointer(start: weights, count: 64))
            + Array(UnsafeRawBufferPointer(start: bias, count: 32))
    }

    /// The CUDA result of an access to memory that isn't there.
    private static let illegalAddress: Int32 = 700

    private static func run(_ launch: UnsafeRawPointer, hasMaps: Bool) -> Int32 {
        let parameters = launch.load(as: UnsafePointer<UnsafeRawPointer>.self)
        let isValid = launch.load(fromByteOffset: 64, as: (@convention(c) (UInt64, Int) -> Int32).self)
        let operands = Operands(parameters[0], hasMaps: hasMaps)
        func covers(_ pointer: UnsafeMutableRawPointer?, _ count: Int) -> Bool {
            isValid(UInt64(UInt(bitPattern: pointer)), count) != 0
        }
        guard covers(operands.weights, 64), covers(operands.bias, 32),
            let known = known.withLock({ $0[key(weights: operands.weights, bias: operands.bias)] })
        else {
            collected.withLock { $0.append("a launch with the weights of no step") }
            return illegalAddress
        }
        let step = known.step
        let input = step.inputShape.count * operands.images * (step.kind == .stem ? 1 : known.element.byteCount)
        let output = step.outputShape.count * operands.images * known.outputByteCount
        guard covers(operands.input, input), covers(operands.output, output),
            step.residual == nil || covers(operands.residual, output),
            step.slopeOffset == nil || covers(operands.slope, step.channels * 4)
        else {
            collected.withLock { $0.append("'\(step.name)' touches memory that isn't there") }
            return illegalAddress
        }
        for image in 0..<operands.images { compute(known, operands, image) }
        return 0
    }

    private static func compute(_ known: Known, _ operands: Operands, _ image: Int) {
        let step = known.step
        let (input, output) = (step.inputShape, step.outputShape)
        let pitch = input.width + 2 * step.padding
        guard let source = operands.input, let target = operands.output, let bias = operands.bias else { return }
        let isFloat: Int32 = known.element == .float32 ? 1 : 0
        var padded = [Float](repeating: 0, count: (input.height + 2 * step.padding) * pitch * input.channels)
        if step.kind == .stem {
            cce_pad_bytes(
                source.assumingMemoryBound(to: UInt8.self) + image * input.count, isFloat, input.height, input.width,
                step.padding, [known.mean, known.mean, known.mean], &padded)
        } else {
            cce_pad_image(
                source + image * input.count * known.element.byteCount, isFloat, input.height, input.width,
                input.channels, step.padding, &padded)
        }
        let weights = weights(known, operands)
        let residual =
            step.residual == nil ? nil : operands.residual?.advanced(by: image * output.count * known.outputByteCount)
        weights.withUnsafeBufferPointer { weights in
            guard let base = weights.baseAddress else { return }
            var layer = cce_layer(
                in_height: input.height, in_width: input.width, in_channels: input.channels,
                out_height: output.height, out_width: output.width, out_channels: output.channels, size: step.size,
                stride: step.stride, padding: step.padding, padded_width: pitch, weights: base,
                bias: bias.assumingMemoryBound(to: Float.self),
                slopes: step.slopeOffset == nil
                    ? nil : operands.slope.map { UnsafePointer($0.assumingMemoryBound(to: Float.self)) }, addends: nil,
                border: step.epilogue.contains(.border) ? 1 : 0, float32_output: known.outputByteCount == 4 ? 1 : 0)
            cce_convolve(&layer, padded, residual, target + image * output.count * known.outputByteCount)
        }
    }

    private static func weights(_ known: Known, _ operands: Operands) -> [Float] {
        let step = known.step
        let area = step.size * step.size
        var values = [Float](repeating: 0, count: area * step.inputShape.channels * step.channels + 32)
        guard let packed = operands.weights else { return values }
        let depth = step.kind == .stem ? 32 : (area * step.inputShape.channels + 63) / 64 * 64
        let count = step.channels * (known.layout == .blocks ? area * step.inputShape.channels : depth)
        var numbers = [Float](repeating: 0, count: count)
        if known.element == .float32 {
            numbers.withUnsafeMutableBytes {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: packed, count: count * 4))
            }
        } else {
            cce_halves_to_floats(packed.assumingMemoryBound(to: UInt16.self), count, &numbers)
        }
        if known.layout == .blocks {
            cce_unpack_blocks(numbers, step.channels, step.inputShape.channels, area, 0, &values)
        } else {
            cce_unpack_rows(numbers, step.channels, step.inputShape.channels, area, depth, &values)
        }
        return values
    }
}

/// What a kernel's argument points at, as the kernels' contract lays it out.
private struct Operands {
    var input, weights, bias, slope, residual, output: UnsafeMutableRawPointer?
    var images: Int

    init(_ argument: UnsafeRawPointer, hasMaps: Bool) {
        func pointer(_ offset: Int) -> UnsafeMutableRawPointer? {
            UnsafeMutableRawPointer(bitPattern: argument.load(fromByteOffset: offset, as: UInt.self))
        }
        // The double writes a tensor's address into the first word of its map.
        input = pointer(0)
        let places = hasMaps ? [512, 520, 528, 536, 544, 552] : [8, 16, 24, 40, 32, 64]
        (weights, bias, slope) = (pointer(places[0]), pointer(places[1]), pointer(places[2]))
        (output, residual) = (pointer(places[3]), pointer(places[4]))
        images = Int(argument.load(fromByteOffset: places[5], as: Int32.self))
    }
}
