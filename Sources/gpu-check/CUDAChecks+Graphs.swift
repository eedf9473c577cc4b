import CUDADriver
import Dispatch
import Synchronization

extension CUDAChecks {
    static func graph(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        let saxpy = try Saxpy(module: module, count: 100_000)
        let side = try CUDAStream(on: context, priority: .high)
        let (fork, join) = (try CUDAEvent(on: context), try CUDAEvent(on: context))
        let mark = try DeviceMemory(byteCount: 256, on: context)
        let seen = try PinnedMemory(byteCount: 256, on: context)

        func capture(_ value: UInt8) throws -> CUDAGraph {
            try saxpy.stream.capture { () throws(CUDAError) in
                try saxpy.launch()
                try fork.record(on: saxpy.stream)
                try side.wait(for: fork)
                try side.fill(mark, byteCount: 256, with: value)
                try side.copy(256, from: mark, to: seen)
                try join.record(on: side)
                try saxpy.launch()
                try saxpy.stream.wait(for: join)
            }
        }
        try saxpy.reset()
        let graph = try capture(1)
        let nodes = try graph.nodeCount()
        try saxpy.expect(runs: 0)
        let executable = try graph.instantiate(keeping: [saxpy.x, saxpy.y, mark, seen])
        try executable.upload(on: saxpy.stream)
        for _ in 0..<50 { try executable.launch(on: saxpy.stream) }
        try saxpy.expect(runs: 100)
        try expect(seen.bytes[255] == 1, "the forked stream's work is missing")
        try expect(try executable.update(from: try capture(2)), "an equal graph didn't update")
        try executable.launch(on: saxpy.stream)
        try saxpy.expect(runs: 102)
        try expect(seen.bytes[255] == 2, "the update changed nothing")

        let other = try saxpy.stream.capture { () throws(CUDAError) in try saxpy.launch() }
        try expect(try !executable.update(from: other), "another graph updated")
        let waiting = try failure("waiting during a capture") {
            _ = try saxpy.stream.capture { () throws(CUDAError) in
                try saxpy.launch()
                try saxpy.stream.synchronize()
            }
        }
        try CheckReport.expect(waiting, is: .captureFailed)
        try freeDuringCapture(on: saxpy.stream)
        try saxpy.expect(runs: 102)
        return [("nodes", .number(Double(nodes))), ("waiting", .text("\(waiting)"))]
    }

    private static func freeDuringCapture(on stream: CUDAStream) throws {
        var spare: DeviceMemory? = try DeviceMemory(byteCount: 4096, on: stream.context)
        let kept = try DeviceMemory(byteCount: 4096, on: stream.context)
        let graph = try stream.capture { () throws(CUDAError) in
            try stream.fill(kept, byteCount: 4096, with: 1)
            spare = nil
        }
        try expect(spare == nil, "nothing was freed")
        try expect(try graph.nodeCount() == 1, "freeing changed the capture")
    }

    static func threads(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        let complaints = Mutex<[String]>([])
        let threads = 8
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            do {
                let saxpy = try Saxpy(module: module, count: 10_000)
                for _ in 0..<20 {
                    try saxpy.reset()
                    let executable = try saxpy.stream.capture { () throws(CUDAError) in try saxpy.launch() }
                        .instantiate()
                    for _ in 0..<5 { try executable.launch(on: saxpy.stream) }
                    try saxpy.expect(runs: 5)
                }
            } catch {
                complaints.withLock { $0.append("\(error)") }
            }
        }
        let found = complaints.withLock { $0 }
        try expect(found.isEmpty, found.joined(separator: "; "))
        return [("threads", .number(Double(threads)))]
    }

    static func clusters(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let module = try CUDAModule(CheckKernels.hopper.utf8, named: "hopper.ptx", on: context)
        let saxpy = try Saxpy(module: module, count: 256 * 400)
        try saxpy.reset()
        for _ in 0..<10 {
            try saxpy.launch(cluster: 2)
            try saxpy.launch(overlapsPredecessor: true)
            try saxpy.launch(cluster: 4, overlapsPredecessor: true)
        }
        try saxpy.expect(runs: 30)
        let launch = KernelLaunch(grid: .init(400), block: .init(256), cluster: .init(4))
        return [("active_clusters_of_4", .number(Double(try saxpy.function.maxActiveClusters(of: launch))))]
    }

    static func tensorMap(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let memory = try DeviceMemory(byteCount: 64 * 15 * 14 * 2, on: context)
        let layout = TensorMap.Layout(
            elementType: .float16, extents: [64, 15, 14], strides: [128, 128 * 15], box: [64, 15, 2],
            swizzle: .bytes128, l2Promotion: .bytes256)
        _ = try TensorMap(layout, of: memory)
        var wrong = layout
        wrong.box = [64, 300, 2]
        let error = try failure("a box of 300 elements") { _ = try TensorMap(wrong, of: memory) }
        try CheckReport.expect(error, is: .invalidArgument)
        return [("large_box", .text("\(error)"))]
    }
}
