import CUDADriver

extension CUDAChecks {
    static func copies(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let count = 8 << 20
        let stream = try CUDAStream(on: context)
        let (source, target) = (
            try PinnedMemory(byteCount: count, isWriteCombined: true, on: context),
            try PinnedMemory(byteCount: count, on: context)
        )
        let (first, second) = (
            try DeviceMemory(byteCount: count, on: context), try DeviceMemory(byteCount: count + 16, on: context)
        )
        let pattern = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        source.bytes.copyBytes(from: pattern)
        try stream.copy(count, from: source, to: first)
        try stream.copy(count, from: first, to: second, targetOffset: 16)
        try stream.fill(second, at: 16 + 100, byteCount: 50, with: 7)
        try stream.copy(count, from: second, sourceOffset: 16, to: target)
        try stream.synchronize()
        for index in 0..<count {
            let expected = (100..<150).contains(index) ? 7 : pattern[index]
            try expect(target.bytes[index] == expected, "byte \(index) is \(target.bytes[index]), not \(expected)")
        }
        var ordinary = [UInt8](repeating: 0, count: count)
        try pattern.withUnsafeBytes { try stream.upload($0, to: first) }
        try ordinary.withUnsafeMutableBytes { try stream.download(first, into: $0) }
        try expect(ordinary == pattern, "ordinary memory came back different")
        return [("bytes", .number(Double(count)))]
    }

    static func kernel(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        let saxpy = try Saxpy(module: module, count: 1 << 20)
        try saxpy.reset()
        try saxpy.launch()
        try saxpy.launch()
        try saxpy.expect(runs: 2)
        return [
            ("registers", .number(Double(try saxpy.function.value(of: .registerCount)))),
            ("binary_version", .number(Double(try saxpy.function.value(of: .binaryVersion)))),
            ("local_bytes", .number(Double(try saxpy.function.value(of: .localMemory)))),
            ("parameter_sizes", .numbers(saxpy.function.parameterSizes ?? [])),
            (
                "blocks_per_multiprocessor",
                .number(Double(try saxpy.function.blocksPerMultiprocessor(threadsPerBlock: 256)))
            ),
            ("compiler_log", .text(module.log)),
        ]
    }

    static func refusals(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let broken = try failure("broken PTX") {
            _ = try CUDAModule(CheckKernels.portable.utf8.dropLast(40), named: "broken.ptx", on: context)
        }
        try CheckReport.expect(broken, is: .moduleRejected)
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        let unknown = try failure("an unknown kernel") { _ = try module.function(named: "unknown") }
        try CheckReport.expect(unknown, is: .moduleRejected)
        let saxpy = try module.function(named: "saxpy")
        let stream = try CUDAStream(on: context)
        let tooLarge = try failure("a block of 4096 threads") {
            var arguments = KernelArguments()
            let memory = try DeviceMemory(byteCount: 4, on: context)
            arguments.append(memory)
            arguments.append(memory)
            arguments.append(Float(0))
            arguments.append(UInt32(0))
            try saxpy.launch(KernelLaunch(grid: .init(1), block: .init(4096)), arguments: arguments, on: stream)
        }
        try CheckReport.expect(tooLarge, is: .invalidArgument)
        return [
            ("broken_ptx", .text("\(broken)")), ("unknown_kernel", .text("\(unknown)")),
            ("large_block", .text("\(tooLarge)")),
        ]
    }

    static func outOfMemory(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let error = try failure("more memory than there is") {
            _ = try DeviceMemory(byteCount: context.device.totalMemory * 2, on: context)
        }
        try CheckReport.expect(error, is: .outOfMemory)
        return [("message", .text("\(error)"))]
    }

    static func fault(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let stream = try CUDAStream(on: context)
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        try module.function(named: "fault")
            .launch(KernelLaunch(grid: .init(1), block: .init(1)), arguments: .init(), on: stream)
        let error = try failure("a write to address 0") { try stream.synchronize() }
        try CheckReport.expect(error, is: .deviceLost)
        let later = try failure("work on a broken context") { _ = try DeviceMemory(byteCount: 4, on: context) }
        try CheckReport.expect(later, is: .deviceLost)
        return [("message", .text("\(error)")), ("later", .text("\(later)"))]
    }
}

extension CheckReport {
    static func expect(_ error: CUDAError, is code: CUDAError.Code) throws {
        guard error.code != code else { return }
        throw Mismatch(description: "expected \(code) but got \(error.code): \(error)")
    }
}
