/// What a kernel uses of a multiprocessor, as `ptxas` tells in the compiler's log.
package struct KernelUsage: Sendable, Hashable {
    /// Registers of a thread.
    package var registers: Int
    /// Bytes that registers were spilled to and read back from.
    package var spillStores, spillLoads: Int
    /// Bytes of a thread's stack.
    package var stack: Int
    /// Bytes of static shared memory.
    package var sharedMemory: Int

    /// Reads the log, or nil where it doesn't tell.
    ///
    /// The lines are `… bytes stack frame, … bytes spill stores, … bytes spill loads` and `Used … registers, …, … bytes smem`.
    package init?(log: String) {
        guard let registers = Self.number(in: log, before: " registers"),
            let stores = Self.number(in: log, before: " bytes spill stores"),
            let loads = Self.number(in: log, before: " bytes spill loads"),
            let stack = Self.number(in: log, before: " bytes stack frame")
        else { return nil }
        self.registers = registers
        self.stack = stack
        spillStores = stores
        spillLoads = loads
        sharedMemory = Self.number(in: log, before: " bytes smem") ?? 0
    }

    private static func number(in log: String, before words: String) -> Int? {
        guard let range = log.firstRange(of: words) else { return nil }
        return Int(String(log[..<range.lowerBound].reversed().prefix { $0.isNumber }.reversed()))
    }
}
