import Digests
import EngineStore

/// The engines of the folder and of the team's store, for people who look after them.
package struct EngineShelf: Sendable {
    let configuration: ArcFaceConfiguration
    let folder: EngineFolder
    let shouldStop: @Sendable () -> Bool

    /// Which of the two places.
    package enum Place: Sendable {
        case folder, team
    }

    /// - Parameters:
    ///   - configuration: `tensorrt.engine_local_dir` and `storage` are used.
    ///   - shouldStop: asked a few times a second; true ends what is under way.
    /// - Throws: `ArcFaceError` with code `.configuration`.
    package init(
        configuration: ArcFaceConfiguration, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(ArcFaceError) {
        self.configuration = configuration
        self.shouldStop = shouldStop
        folder = try configuration.engineFolder
    }

    /// Everything in a place that looks like an engine, sorted by name.
    ///
    /// - Throws: `ArcFaceError` if the place can't be read.
    package func list(_ place: Place) throws(ArcFaceError) -> [ShelfItem] {
        let repository = try repository(place)
        let folder = folder
        return try ArcFaceError.told { () throws(EngineStoreError) in
            try repository.list().map { listing throws(EngineStoreError) in
                guard place == .folder, let name = try? EngineFileName(listing.id) else { return ShelfItem(listing) }
                return ShelfItem(listing, isPinned: try folder.isPinned(name))
            }
        }
    }

    func repository(_ place: Place) throws(ArcFaceError) -> any EngineRepository {
        switch place {
        case .folder: FolderRepository(folder)
        case .team: try team()
        }
    }

    func team() throws(ArcFaceError) -> any EngineTeam {
        let team = try TeamStore.open(configuration.storage, trust: folder.trust, shouldStop: shouldStop)
        guard let team else {
            throw ArcFaceError(
                .configuration, "no bucket is named", at: "storage.bucket",
                mend: "name the team's bucket in the configuration, or with ARCFACE_STORAGE_BUCKET")
        }
        return team
    }

    /// The engines that names mean, each once; all for no names.
    ///
    /// A name is a friendly name with or without `.plan`, a file name or key, or the first digits (six at least) of an identity.
    ///
    /// - Throws: `ArcFaceError` with code `.inputMissing` for a name that nothing has.
    func chosen(_ names: [String], of items: [ShelfItem], in place: String) throws(ArcFaceError) -> [ShelfItem] {
        guard !names.isEmpty else { return items }
        var indices: Set<Int> = []
        for name in names {
            let found = items.indices.filter { Self.means(name, items[$0]) }
            guard !found.isEmpty else {
                throw ArcFaceError(
                    .inputMissing, "there is no such engine in \(place)", at: name, mend: "`engines list` shows them")
            }
            indices.formUnion(found)
        }
        return indices.sorted().map { items[$0] }
    }

    private static func means(_ name: String, _ item: ShelfItem) -> Bool {
        let plain = name.split(separator: "/").last.map(String.init) ?? name
        if [item.id, item.location].contains(name) || item.id == plain || item.id == plain + EngineName.suffix {
            return true
        }
        guard let manifest = item.entry?.manifest, let friendly = try? manifest.name().fileName,
            let identity = try? manifest.identity().hex
        else { return false }
        return friendly == plain || friendly == plain + EngineName.suffix
            || (plain.utf8.count >= 6 && identity.hasPrefix(plain))
    }
}

extension ArcFaceError {
    /// Does something with the store, and tells in the facade's terms what went wrong.
    static func told<Value>(_ body: () throws(EngineStoreError) -> Value) throws(ArcFaceError) -> Value {
        do throws(EngineStoreError) {
            return try body()
        } catch {
            throw ArcFaceError(error)
        }
    }
}
