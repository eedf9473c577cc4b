import Foundation

/// One request and its answer. Whatever comes between leaves the process unusable, and ends it.
struct Exchange {
    private let child: ChildProcess
    private let python: String
    private let deadline: Date
    private let limit: Double
    private let task: String

    /// An answer in JSON that is longer than this isn't our worker's.
    private static let longestText: UInt64 = 1 << 20
    private static let bytesOfTimes = 3 * MemoryLayout<Double>.size

    /// Begins a request.
    ///
    /// - Parameters:
    ///   - child: the process.
    ///   - python: its interpreter, for messages.
    ///   - limit: seconds for the request and its answer.
    ///   - task: what the process is doing, for messages: `loading the network`.
    init(child: ChildProcess, python: String, limit: Double, task: String) {
        self.child = child
        self.python = python
        self.limit = limit
        self.task = task
        deadline = Date(timeIntervalSinceNow: limit)
    }

    func send(_ kind: UInt32, _ value: some Encodable) throws(PyTorchError) {
        guard let bytes = try? JSONEncoder().encode(value) else {
            throw PyTorchError(.failed, "a setting that JSON can't hold", python: python)
        }
        try send(kind, [UInt8](bytes))
    }

    func send(_ kind: UInt32, _ bytes: [UInt8]) throws(PyTorchError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(PyTorchError) in try send(kind, bytes) }
        }
        try result.get()
    }

    func send(_ kind: UInt32, _ payload: UnsafeRawBufferPointer) throws(PyTorchError) {
        do throws(FramedChannel.Interruption) {
            try child.channel.send(kind, payload, until: deadline)
        } catch {
            throw ended(error)
        }
    }

    /// Receives an answer in JSON.
    func receive<Value: Decodable>(_ kind: UInt32, _ type: Value.Type) throws(PyTorchError) -> Value {
        let length = try receiveHeader(of: kind)
        guard length <= Self.longestText else { throw ended(saying: "sent \(length) bytes where a text belongs") }
        return try decoded(try bytes(Int(length)), type)
    }

    /// Receives embeddings into a buffer of their number.
    ///
    /// - Returns: the seconds of copying to the device, computing, and copying back.
    func receiveEmbeddings(
        _ output: UnsafeMutableBufferPointer<Float>
    ) throws(PyTorchError) -> (Double, Double, Double) {
        let length = try receiveHeader(of: WorkerMessage.embeddings)
        let raw = UnsafeMutableRawBufferPointer(output)
        guard length == UInt64(Self.bytesOfTimes + raw.count) else {
            throw ended(saying: "sent \(length) bytes for \(output.count) numbers")
        }
        let times = try bytes(Self.bytesOfTimes).withUnsafeBytes { bytes in
            (0..<3).map { bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Double>.size, as: Double.self) }
        }
        do throws(FramedChannel.Interruption) {
            try child.channel.receive(into: raw, until: deadline)
        } catch {
            throw ended(error)
        }
        return (times[0], times[1], times[2])
    }

    /// Receives the head of an answer; a failure that the worker understood is thrown, and leaves it usable.
    private func receiveHeader(of kind: UInt32) throws(PyTorchError) -> UInt64 {
        let header: (kind: UInt32, length: UInt64)
        do throws(FramedChannel.Interruption) {
            header = try child.channel.receiveHeader(until: deadline)
        } catch {
            throw ended(error)
        }
        if header.kind == WorkerMessage.failure, header.length <= Self.longestText {
            let failure = try decoded(try bytes(Int(header.length)), WorkerFailure.self)
            throw PyTorchError(
                PyTorchError.Code(rawValue: failure.code) ?? .failed, failure.what, python: python, mend: failure.mend)
        }
        guard header.kind == kind else {
            throw ended(saying: "is no Python that runs this worker: it sent a frame of kind \(header.kind)")
        }
        return header.length
    }

    private func bytes(_ count: Int) throws(PyTorchError) -> [UInt8] {
        do throws(FramedChannel.Interruption) {
            return try child.channel.receive(count, until: deadline)
        } catch {
            throw ended(error)
        }
    }

    private func decoded<Value: Decodable>(_ bytes: [UInt8], _ type: Value.Type) throws(PyTorchError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let value = try? decoder.decode(type, from: Data(bytes)) else {
            throw ended(
                saying: "sent an answer that makes no sense: \(String(decoding: bytes.prefix(80), as: UTF8.self))")
        }
        return value
    }

    private func ended(saying what: String) -> PyTorchError {
        child.kill()
        return PyTorchError(.failed, "the process \(what), while \(task)", python: python)
    }

    /// Ends the process and tells why it gave no answer, with its last words.
    private func ended(_ interruption: FramedChannel.Interruption) -> PyTorchError {
        switch interruption {
        case .system(let failure): return ended(saying: "can't be reached: \(failure)")
        case .late:
            child.kill()
            return PyTorchError(
                .timedOut,
                "the process gave no answer within \(Int(limit.rounded(.up))) s and was killed, while \(task)",
                python: python)
        case .gone:
            // Its end shows in the socket first.
            let hasEnded = child.record.wait(until: Date(timeIntervalSinceNow: 5))
            if !hasEnded { child.kill() }
            let status = hasEnded ? child.record.exit ?? .unknown : .unknown
            let words = child.record.lastWords.map { ": \($0)" } ?? ""
            return PyTorchError(
                .died, "the process \(status) while \(task)\(words)", python: python, mend: status.mend)
        }
    }
}
