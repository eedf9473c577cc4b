import Foundation
import NativeLibraries

/// The group photo of six faces that `make demo` shows.
enum DemoPhoto {
    private static let name = "insightface/data/images/t1.jpg"

    /// Where the photo is.
    ///
    /// - Throws: `ArcFaceError` with code `inputMissing` and all places looked at.
    static func path(in surroundings: SearchSurroundings = .current) throws(ArcFaceError) -> String {
        let places = ([".deps/files"] + surroundings.sitePackages()).map { "\($0)/\(name)" }
        if let found = places.first(where: FileManager.default.fileExists) { return found }
        throw ArcFaceError(
            .inputMissing, "no faces are named, and the demo's photo is not in \(places.joined(separator: ", "))",
            mend: "name a folder of photos or aligned faces with --faces")
    }
}
