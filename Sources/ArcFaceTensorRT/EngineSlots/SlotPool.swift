import Foundation

/// The slots that no caller has at the moment. The one that was free longest is taken first, so that all lanes and GPUs
/// have work.
final class SlotPool: Sendable {
    private let condition = NSCondition()
    private nonisolated(unsafe) var free: [BatchSlot]

    init(_ slots: [BatchSlot]) { free = slots }

    /// Waits for a slot. A caller that has one already must not wait for another: two could wait for each other.
    func take() -> BatchSlot {
        condition.lock()
        defer { condition.unlock() }
        while free.isEmpty { condition.wait() }
        return free.removeFirst()
    }

    /// A slot, if one is free.
    func takeIfFree() -> BatchSlot? {
        condition.lock()
        defer { condition.unlock() }
        return free.isEmpty ? nil : free.removeFirst()
    }

    /// Gives a slot back.
    func give(_ slot: BatchSlot) {
        condition.lock()
        defer { condition.unlock() }
        free.append(slot)
        condition.signal()
    }
}
