/// An image for a detector's network: uint8 BGR NHWC `[1, height, width, 3]`, dense, borrowed for the call.
package struct NetworkImage {
    /// The first of `width * height * 3` bytes.
    package let pixels: UnsafePointer<UInt8>
    /// Width in pixels, a multiple of 32.
    package let width: Int
    /// Height in pixels, a multiple of 32.
    package let height: Int

    /// The padded buffer of `photo`, without a copy. The caller keeps the photo alive.
    init(_ photo: Photo) {
        pixels = UnsafePointer(photo.pixels)
        width = photo.paddedWidth
        height = photo.paddedHeight
    }
}

/// What YuNet gives for one stride: a row of numbers for each of the n = (width / stride) × (height / stride) cells,
/// cells row-major. The memory is the network's and valid during the call only.
package struct YuNetLevel {
    /// Pixels from cell to cell: 8, 16 or 32.
    package var stride: Int
    /// `cls_…`, float32 `[1, n, 1]`: probability that the cell holds a face.
    package var classScores: UnsafeBufferPointer<Float>
    /// `obj_…`, float32 `[1, n, 1]`: how well the box fits.
    package var objectScores: UnsafeBufferPointer<Float>
    /// `bbox_…`, float32 `[1, n, 4]`: centre relative to the cell, in strides, and logarithms of the size in strides.
    package var boxes: UnsafeBufferPointer<Float>
    /// `kps_…`, float32 `[1, n, 10]`: five points relative to the cell, in strides.
    package var landmarks: UnsafeBufferPointer<Float>

    /// The outputs for one stride.
    package init(
        stride: Int, classScores: UnsafeBufferPointer<Float>, objectScores: UnsafeBufferPointer<Float>,
        boxes: UnsafeBufferPointer<Float>, landmarks: UnsafeBufferPointer<Float>
    ) {
        self.stride = stride
        self.classScores = classScores
        self.objectScores = objectScores
        self.boxes = boxes
        self.landmarks = landmarks
    }
}

/// Runs YuNet. The room that knows a runtime provides it; this one knows only what goes in and comes out.
package protocol FaceDetectorNetwork: Sendable {
    /// Runs the network on `image` and calls `body` once with its outputs, one level for each stride, in any order;
    /// both are borrowed for the call. May be called from several threads at once.
    ///
    /// Throws what `body` throws, and `.detectorFailed` if the network cannot be run.
    func run<Result>(
        _ image: NetworkImage, _ body: ([YuNetLevel]) throws(FaceImageError) -> Result
    ) throws(FaceImageError) -> Result
}
