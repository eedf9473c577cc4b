/// A repository that many machines use: besides keeping engines, it lets one of them build while the others wait.
package protocol EngineTeam: EngineRepository {
    /// Asks for the right to build an engine, without waiting.
    ///
    /// - Throws: that the place can't be reached, or doesn't let this machine write.
    func claim(_ key: EngineKey) throws(EngineStoreError) -> EngineClaim
}

/// What asking for the right to build came to.
package enum EngineClaim: Sendable {
    /// It is this process's until it is released, or lost.
    case granted(any EngineLease)
    /// Another machine's; nil if it doesn't say whose.
    case held(by: LockHolder?)
}

/// The right to build, for as long as its holder keeps renewing it. A holder that dies loses it after a while.
package protocol EngineLease: AnyObject, Sendable {
    /// Whether somebody else may have the right by now, because it couldn't be renewed.
    var isLost: Bool { get }

    /// Gives the right back.
    func release()
}
