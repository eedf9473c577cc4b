/// Which of a photo's faces are used.
public enum FaceSelection: String, Sendable, Codable, CaseIterable {
    /// All, by descending score.
    case all
    /// The one with the largest box; of equal ones that with the highest score.
    case largest

    /// The faces of `faces` (by descending score) that this selection keeps, in their order.
    package func callAsFunction(_ faces: [DetectedFace]) -> [DetectedFace] {
        switch self {
        case .all: faces
        case .largest:
            faces.first.map { first in
                [faces.reduce(first) { $1.box.area > $0.box.area ? $1 : $0 }]
            } ?? []
        }
    }
}
