import CUDADriver

/// The kernel of the checks with buffers for it: y starts at i mod 1000, x is i mod 77, and each run adds 2·x. All
/// values are small whole numbers, so the result is exact.
struct Saxpy {
    let context: CUDAContext
    let stream: CUDAStream
    let function: CUDAFunction
    let x: DeviceMemory
    let y: DeviceMemory
    let count: Int

    init(module: CUDAModule, count: Int) throws {
        self.count = count
        context = module.context
        stream = try CUDAStream(on: context)
        function = try module.function(named: "saxpy")
        x = try DeviceMemory(byteCount: count * 4, on: context)
        y = try DeviceMemory(byteCount: count * 4, on: context)
    }

    func reset() throws {
        try (0..<count).map { Float($0 % 77) }.withUnsafeBytes { try stream.upload($0, to: x) }
        try (0..<count).map { Float($0 % 1000) }.withUnsafeBytes { try stream.upload($0, to: y) }
    }

    func launch(cluster: Int? = nil, overlapsPredecessor: Bool = false) throws(CUDAError) {
        var arguments = KernelArguments()
        arguments.append(x)
        arguments.append(y)
        arguments.append(Float(2))
        arguments.append(UInt32(count))
        let blocks = (count + 255) / 256
        try function.launch(
            KernelLaunch(
                grid: .init(blocks), block: .init(256), cluster: cluster.map { .init($0) },
                overlapsPredecessor: overlapsPredecessor),
            arguments: arguments, on: stream)
    }

    func expect(runs: Int) throws {
        var result = [Float](repeating: -1, count: count)
        try result.withUnsafeMutableBytes { try stream.download(y, into: $0) }
        for index in 0..<count {
            let expected = Float(index % 1000) + Float(2 * runs * (index % 77))
            if result[index] != expected {
                throw CheckReport.Mismatch(description: "y[\(index)] is \(result[index]), not \(expected)")
            }
        }
    }
}
