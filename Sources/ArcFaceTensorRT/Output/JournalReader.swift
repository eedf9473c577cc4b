import Foundation

/// Reads a journal of rows and finds the last input that is whole, comparing its inputs with those of the job that wants to go on.
struct JournalReader<Inputs: RandomAccessCollection<String>> {
    private struct Line: Decodable {
        let row: Int?
        let image: String
        let image_index: Int
        let lines: Int
    }

    /// The inputs that are whole, with their rows and the journal's bytes up to them.
    private(set) var state = SpoolFolder.State()
    /// Why the journal is not of this job, if it isn't.
    private(set) var mismatch: String?
    private let inputs: Inputs
    private var pending: [UInt8] = []
    private var linesOfInput = 0
    private var rowsOfInput = 0
    private var bytesOfInput = 0
    private var damaged = false

    init(inputs: Inputs) {
        self.inputs = inputs
    }

    /// Takes the journal's next bytes. What follows a damaged line is ignored: it will be written anew.
    mutating func take(_ chunk: UnsafeRawBufferPointer) {
        var rest = chunk[...]
        while !damaged, mismatch == nil, let newline = rest.firstIndex(of: 10) {
            pending += rest[..<newline]
            rest = rest[(newline + 1)...]
            take(line: pending)
            pending.removeAll(keepingCapacity: true)
        }
        pending += rest
    }

    private mutating func take(line: [UInt8]) {
        guard let parsed = try? JSONDecoder().decode(Line.self, from: Data(line)), parsed.image_index == state.inputs
        else {
            // A line cut off by a crash is no error: the inputs before it are kept.
            damaged = true
            return
        }
        guard parsed.image_index < inputs.count else {
            mismatch = "was begun with more inputs than the \(inputs.count) given now"
            return
        }
        let expected = inputs[inputs.index(inputs.startIndex, offsetBy: parsed.image_index)]
        guard expected == parsed.image else {
            mismatch = "input \(parsed.image_index) was \(parsed.image) and is now \(expected)"
            return
        }
        linesOfInput += 1
        bytesOfInput += line.count + 1
        if parsed.row != nil { rowsOfInput += 1 }
        if linesOfInput == parsed.lines {
            state.inputs += 1
            state.rows += rowsOfInput
            state.journalBytes += bytesOfInput
            (linesOfInput, rowsOfInput, bytesOfInput) = (0, 0, 0)
        }
    }
}
