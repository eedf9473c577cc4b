#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One line of a landmarks file.
enum LandmarksLine {
    private struct Record: Decodable {
        let image: String
        let landmarks: [[Double]]
    }

    /// The image and the face of one line, JSON if it starts with a brace. Throws `.malformed`.
    static func parse(
        _ line: Slice<UnsafeRawBufferPointer>
    ) throws(FaceImageError) -> (image: PhotoPath, landmarks: Landmarks) {
        line.first == UInt8(ascii: "{") ? try parseJSON(line) : try parseText(line)
    }

    private static func parseJSON(
        _ line: Slice<UnsafeRawBufferPointer>
    ) throws(FaceImageError) -> (image: PhotoPath, landmarks: Landmarks) {
        let record: Record
        do {
            record = try JSONDecoder().decode(Record.self, from: Data(line))
        } catch {
            throw malformed(#"no JSON object with a string "image" and five pairs of numbers "landmarks""#)
        }
        guard record.landmarks.count == 5, record.landmarks.allSatisfy({ $0.count == 2 }) else {
            throw malformed(#""landmarks" must be five pairs [x, y]"#)
        }
        guard !record.image.isEmpty else { throw malformed(#""image" is empty"#) }
        return (PhotoPath(record.image), try landmarks(record.landmarks.flatMap { $0 }))
    }

    private static func parseText(
        _ line: Slice<UnsafeRawBufferPointer>
    ) throws(FaceImageError) -> (image: PhotoPath, landmarks: Landmarks) {
        var rest = line
        var numbers: [Double] = []
        // From the end, for the path may hold spaces and digits.
        while numbers.count < 10 {
            guard let end = rest.lastIndex(where: { !isSeparator($0) }) else { break }
            let start = rest[...end].lastIndex(where: isSeparator).map { $0 + 1 } ?? rest.startIndex
            guard let number = Double(String(decoding: rest[start...end], as: UTF8.self)) else { break }
            numbers.append(number)
            rest = rest[..<start]
        }
        let path = rest.prefix(
            (rest.lastIndex(where: { !isSeparator($0) }) ?? rest.startIndex - 1) - rest.startIndex + 1)
        guard numbers.count == 10, !path.isEmpty else {
            throw malformed("a path and ten numbers are needed")
        }
        return (PhotoPath(bytes: path), try landmarks(numbers.reversed()))
    }

    private static func landmarks(_ coordinates: [Double]) throws(FaceImageError) -> Landmarks {
        guard coordinates.allSatisfy(\.isFinite), let landmarks = Landmarks(coordinates: coordinates) else {
            throw malformed("a coordinate is not a finite number")
        }
        return landmarks
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        TextLines.isSpace(byte) || byte == UInt8(ascii: ",")
    }

    private static func malformed(_ what: String) -> FaceImageError {
        FaceImageError(
            .malformed, what: what,
            mend: #"write {"image": "a.jpg", "landmarks": [[x, y], … five]} or: a.jpg x1 y1 … x5 y5"#)
    }
}
