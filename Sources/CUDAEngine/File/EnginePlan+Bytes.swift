extension EnginePlan {
    /// The plan as bytes, which `init(from:)` reads.
    func write(to writer: inout ByteWriter) {
        writer.write(architecture.number)
        writer.write(element.rawValue)
        for number in [imageHeight, imageWidth] { writer.write(number) }
        writer.write(mean)
        writer.write(embeddingWidth)
        writer.write(weightsByteCount)
        writer.write(values) { writer, value in
            writer.write(value.shape)
            writer.write(value.element.rawValue)
        }
        writer.write(steps) { $1.write(to: &$0) }
        writer.write(kernels) { $1.write(to: &$0) }
        writer.write(buckets) { $1.write(to: &$0) }
    }

    /// Reads a plan and checks it.
    ///
    /// - Throws: `engineDamaged`, `unsupportedGPU`.
    init(from reader: inout ByteReader) throws(CUDAEngineError) {
        self.init(
            architecture: try KernelArchitecture(try reader.int()),
            element: try reader.choice(PlanValue.Element.self), imageHeight: try reader.int(),
            imageWidth: try reader.int(), mean: try reader.float(), embeddingWidth: try reader.int(),
            weightsByteCount: try reader.int(),
            values: try reader.array { (reader) throws(CUDAEngineError) in
                PlanValue(shape: try reader.shape(), element: try reader.choice(PlanValue.Element.self))
            },
            steps: try reader.array { (reader) throws(CUDAEngineError) in try PlanStep(from: &reader) },
            kernels: try reader.array { (reader) throws(CUDAEngineError) in try KernelVariant(from: &reader) },
            buckets: try reader.array { (reader) throws(CUDAEngineError) in try PlanBucket(from: &reader) })
        try validate()
    }
}

extension ByteWriter {
    mutating func write(_ shape: ActivationShape) {
        for number in [shape.height, shape.width, shape.channels] { write(number) }
    }
}

extension ByteReader {
    mutating func shape() throws(CUDAEngineError) -> ActivationShape {
        ActivationShape(try int(), try int(), try int())
    }
}

extension PlanStep {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(kind.rawValue)
        writer.write(input)
        writer.write(output)
        writer.write(residual) { $0.write($1) }
        writer.write(shortcut) { $0.write($1) }
        writer.write(inputShape)
        writer.write(outputShape)
        for number in [size, stride, padding] { writer.write(number) }
        writer.write(epilogue.rawValue)
        writer.write(weights) { writer, packed in
            writer.write(packed.layout.rawValue)
            writer.write(packed.offset)
            writer.write(packed.byteCount)
        }
        writer.write(biasOffset)
        writer.write(slopeOffset) { $0.write($1) }
    }

    fileprivate init(from reader: inout ByteReader) throws(CUDAEngineError) {
        self.init(
            name: try reader.text(), kind: try reader.choice(Kind.self), input: try reader.int(),
            output: try reader.int(),
            residual: try reader.optional { (reader) throws(CUDAEngineError) in try reader.int() },
            shortcut: try reader.optional { (reader) throws(CUDAEngineError) in try reader.int() },
            inputShape: try reader.shape(), outputShape: try reader.shape(), size: try reader.int(),
            stride: try reader.int(), padding: try reader.int(),
            epilogue: Epilogue(rawValue: try reader.integer(UInt8.self)),
            weights: try reader.array { (reader) throws(CUDAEngineError) in
                PackedWeights(
                    layout: try reader.choice(PackedWeights.Layout.self), offset: try reader.int(),
                    byteCount: try reader.int())
            },
            biasOffset: try reader.int(),
            slopeOffset: try reader.optional { (reader) throws(CUDAEngineError) in try reader.int() })
    }
}

extension KernelVariant {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(source)
        writer.write(macros) { writer, macro in
            writer.write(macro.name)
            writer.write(macro.value)
        }
    }

    fileprivate init(from reader: inout ByteReader) throws(CUDAEngineError) {
        self.init(
            source: try reader.text(),
            macros: try reader.array { (reader) throws(CUDAEngineError) in
                Macro(name: try reader.text(), value: try reader.text())
            })
    }
}
