import CUDADriver

extension CUDAChecks {
    /// GB/s of copies of 256 MiB, the median of 11.
    static func copySpeeds(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let count = 256 << 20
        let stream = try CUDAStream(on: context)
        let host = try PinnedMemory(byteCount: count, on: context)
        let (first, second) = (
            try DeviceMemory(byteCount: count, on: context), try DeviceMemory(byteCount: count, on: context)
        )
        func speed(_ body: () throws(CUDAError) -> Void) throws -> CheckReport.Value {
            .number(Double(count) / (try medianMilliseconds(on: stream, repeats: 11, body)) / 1e6)
        }
        return [
            ("to_device_gb_s", try speed { () throws(CUDAError) in try stream.copy(count, from: host, to: first) }),
            ("from_device_gb_s", try speed { () throws(CUDAError) in try stream.copy(count, from: first, to: host) }),
            ("on_device_gb_s", try speed { () throws(CUDAError) in try stream.copy(count, from: first, to: second) }),
            ("fill_gb_s", try speed { () throws(CUDAError) in try stream.fill(first, byteCount: count, with: 1) }),
        ]
    }

    /// Microseconds of a tiny kernel, launched one by one and as a graph of 100; and of the room's own calls.
    static func launchCosts(on context: CUDAContext) throws -> [(String, CheckReport.Value)] {
        let module = try CUDAModule(CheckKernels.portable.utf8, named: "portable.ptx", on: context)
        let saxpy = try Saxpy(module: module, count: 256)
        try saxpy.reset()
        func body() throws(CUDAError) { for _ in 0..<100 { try saxpy.launch() } }
        let separate = try medianMilliseconds(on: saxpy.stream, repeats: 21, body)
        let executable = try saxpy.stream.capture(body).instantiate()
        let graph = try medianMilliseconds(on: saxpy.stream, repeats: 21) { () throws(CUDAError) in
            try executable.launch(on: saxpy.stream)
        }
        let clock = ContinuousClock()
        let launching = try clock.measure { try body() } / 100
        try saxpy.stream.synchronize()
        let event = try CUDAEvent(on: context)
        let recording = try clock.measure { for _ in 0..<1000 { try event.record(on: saxpy.stream) } } / 1000
        return [
            ("kernel_us", .number(separate * 10)), ("kernel_in_graph_us", .number(graph * 10)),
            ("launch_call_us", .number(launching / .microseconds(1))),
            ("record_call_us", .number(recording / .microseconds(1))),
        ]
    }

    private static func medianMilliseconds(
        on stream: CUDAStream, repeats: Int, _ body: () throws(CUDAError) -> Void
    ) throws -> Double {
        let start = try CUDAEvent(on: stream.context, measuresTime: true)
        let end = try CUDAEvent(on: stream.context, measuresTime: true)
        var times: [Double] = []
        // The first run pays for what is set up on first use.
        for round in 0...repeats {
            try start.record(on: stream)
            try body()
            try end.record(on: stream)
            try end.synchronize()
            if round > 0 { times.append(try end.milliseconds(since: start)) }
        }
        return times.sorted()[times.count / 2]
    }
}
