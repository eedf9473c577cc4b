/// Aligned faces in one contiguous buffer: `uint8 [N, 112, 112, 3]`, row-major, BGR.
public struct FaceBatch: Sendable, Equatable {
    /// Width and height of a face in pixels.
    public static let side = 112
    /// Channels of a pixel: blue, green, red.
    public static let channels = 3
    /// Bytes of one face: 112 × 112 × 3.
    public static let bytesPerFace = side * side * channels

    /// All bytes, face after face.
    public private(set) var pixels: [UInt8]

    /// The number of faces.
    public var count: Int { pixels.count / Self.bytesPerFace }
    /// True if there is no face.
    public var isEmpty: Bool { pixels.isEmpty }

    /// An empty batch with room for `capacity` faces.
    public init(capacity: Int = 0) {
        pixels = []
        pixels.reserveCapacity(capacity * Self.bytesPerFace)
    }

    /// A batch of `count` faces from their bytes.
    /// Throws `.wrongSize` unless `pixels` has `count * bytesPerFace` bytes.
    public init(count: Int, pixels: [UInt8]) throws(FaceImageError) {
        let (wanted, overflow) = count.multipliedReportingOverflow(by: Self.bytesPerFace)
        guard !overflow, count >= 0, pixels.count == wanted else {
            throw Self.wrongSize(pixels.count, "\(count) faces of \(Self.bytesPerFace) bytes each")
        }
        self.pixels = pixels
    }

    /// Appends one face of `bytesPerFace` bytes: 112×112 BGR, row-major.
    /// Throws `.wrongSize` for any other number of bytes.
    public mutating func append(_ face: some Collection<UInt8>) throws(FaceImageError) {
        guard face.count == Self.bytesPerFace else { throw Self.wrongSize(face.count, "a face of 112×112×3") }
        pixels.append(contentsOf: face)
    }

    /// Appends all faces of another batch.
    public mutating func append(contentsOf batch: FaceBatch) {
        pixels.append(contentsOf: batch.pixels)
    }

    /// Appends the face that `fill` writes to the `bytesPerFace` bytes that it is given.
    /// If `fill` throws, the batch stays as it was.
    package mutating func appendFace(
        _ fill: (UnsafeMutablePointer<UInt8>) throws(FaceImageError) -> Void
    ) throws(FaceImageError) {
        let start = pixels.count
        pixels.append(contentsOf: repeatElement(0, count: Self.bytesPerFace))
        do {
            try pixels.withUnsafeMutableBufferPointer { (buffer) throws(FaceImageError) in
                guard let base = buffer.baseAddress else { return }
                try fill(base + start)
            }
        } catch {
            pixels.removeLast(Self.bytesPerFace)
            throw error
        }
    }

    /// Removes all faces and keeps the memory.
    public mutating func removeAll() {
        pixels.removeAll(keepingCapacity: true)
    }

    /// The bytes of face `index`, 0 ..< `count`.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        pixels[index * Self.bytesPerFace..<(index + 1) * Self.bytesPerFace]
    }

    /// The faces of `range` as a batch of their own. `range` must lie within 0 ..< `count`.
    public func slice(_ range: Range<Int>) -> FaceBatch {
        var batch = FaceBatch(capacity: range.count)
        batch.pixels.append(
            contentsOf: pixels[range.lowerBound * Self.bytesPerFace..<range.upperBound * Self.bytesPerFace])
        return batch
    }

    /// Calls `body` with all bytes; the pointer is valid during the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try pixels.withUnsafeBytes(body)
    }

    private static func wrongSize(_ count: Int, _ wanted: String) -> FaceImageError {
        FaceImageError(
            .wrongSize, what: "\(count) bytes are not \(wanted)", mend: "give uint8 BGR pixels of 112×112 faces")
    }
}
