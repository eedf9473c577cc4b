/// The machine that a benchmark ran on.
package struct BenchmarkMachine: Sendable, Equatable, Codable {
    /// The GPU that computed.
    package struct GPU: Sendable, Equatable, Codable {
        /// The marketing name, such as `NVIDIA H100 80GB HBM3`.
        package var name: String
        /// The driver's version; nil where it can't be told.
        package var driver: String?
        /// Bytes of memory.
        package var memory: Int
        /// Clocks of the multiprocessors in MHz, seen after each turn of a runtime: least, median, most.
        package var clocks: [Int]?
        /// The highest clock in MHz.
        package var maximumClock: Int?
        /// The memory's clock in MHz.
        package var memoryClock: Int?
    }

    /// The processor's name, as the kernel tells it.
    package var processor: String
    /// Cores that the process may use.
    package var cores: Int
    /// Threads that runtimes were given.
    package var threads: Int
    /// nil where nothing ran on a GPU.
    package var gpu: GPU?

    /// Why figures of another machine can't stand beside these; nil if they can.
    func difference(from other: BenchmarkMachine) -> String? {
        func text(_ machine: BenchmarkMachine) -> [String] {
            [machine.processor, "\(machine.cores) cores, \(machine.threads) threads", machine.gpu?.name ?? "no GPU"]
        }
        return zip(text(other), text(self)).first { $0 != $1 }.map { "\($0) there, \($1) here" }
    }
}
