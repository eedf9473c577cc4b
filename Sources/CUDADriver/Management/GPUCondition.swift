/// How fast a GPU runs at a moment, and how full it is; nil where the library can't tell.
package struct GPUCondition: Sendable, Hashable {
    /// Clock of the multiprocessors in MHz.
    package var clock: Int?
    /// The highest clock of the multiprocessors in MHz.
    package var maximumClock: Int?
    /// Clock of the memory in MHz.
    package var memoryClock: Int?
    /// Bytes of memory that all processes together use.
    package var usedMemory: Int?

    /// Records a moment; what isn't given isn't known.
    package init(clock: Int? = nil, maximumClock: Int? = nil, memoryClock: Int? = nil, usedMemory: Int? = nil) {
        self.clock = clock
        self.maximumClock = maximumClock
        self.memoryClock = memoryClock
        self.usedMemory = usedMemory
    }
}
