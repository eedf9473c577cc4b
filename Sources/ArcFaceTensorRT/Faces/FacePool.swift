import FaceImages

/// The faces found so far, in bounded memory: no more than twice the number wanted are kept.
///
/// Which faces remain doesn't depend on the order in which they come: faces of an earlier round go first, then the
/// best face of each photo before the second of any, then photos in the order of the list.
struct FacePool: Sendable {
    /// Where a face comes from; the smaller, the sooner it is taken.
    struct Place: Sendable, Comparable {
        let round: Int
        /// 0 for a photo's best face.
        let rank: Int
        let photo: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.round, left.rank, left.photo) < (right.round, right.rank, right.photo)
        }
    }

    private struct Entry: Sendable {
        let place: Place
        let name: String
        let pixels: FaceBatch
    }

    private let wanted: Int
    private var entries: [Entry] = []

    /// - Parameter wanted: faces that are wanted in the end, 1 or more.
    init(wanted: Int) {
        self.wanted = wanted
    }

    /// Faces that would be given now.
    var count: Int { min(entries.count, wanted) }

    /// Adds a prepared photo's faces.
    mutating func add(_ input: PreparedInput, round: Int) {
        for (rank, face) in input.faces.enumerated() {
            let isCrop = face.landmarks == nil
            entries.append(
                Entry(
                    place: Place(round: round, rank: rank, photo: input.index),
                    name: isCrop ? input.image : "\(input.image)#\(rank)", pixels: face.pixels))
        }
        if entries.count > 2 * wanted { cut() }
    }

    /// The faces and their names, in the order of the list.
    mutating func take() -> (faces: FaceBatch, names: [String]) {
        cut()
        entries.sort { ($0.place.photo, $0.place.rank) < ($1.place.photo, $1.place.rank) }
        var faces = FaceBatch(capacity: entries.count)
        for entry in entries { faces.append(contentsOf: entry.pixels) }
        let names = entries.map(\.name)
        entries = []
        return (faces, names)
    }

    private mutating func cut() {
        entries.sort { $0.place < $1.place }
        entries.removeLast(max(0, entries.count - wanted))
    }
}
