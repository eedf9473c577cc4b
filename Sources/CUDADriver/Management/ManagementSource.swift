internal import NativeLibraries
internal import Synchronization

/// NVML, loaded when it is first asked for: it is needed for some messages only.
final class ManagementSource: Sendable {
    private enum State: Sendable {
        case untried
        case tried(NVML?)
    }

    private let search: LibrarySearch
    private let surroundings: SearchSurroundings
    private let state = Mutex(State.untried)

    init(search: LibrarySearch, surroundings: SearchSurroundings) {
        self.search = search
        self.surroundings = surroundings
    }

    /// nil where the library is missing or doesn't start, for it only adds to messages.
    var library: NVML? {
        state.withLock { state in
            if case .tried(let known) = state { return known }
            let library = load()
            state = .tried(library)
            return library
        }
    }

    private func load() -> NVML? {
        do throws(CUDAError) {
            return try NVML(search: search, surroundings: surroundings)
        } catch {
            return nil
        }
    }
}
