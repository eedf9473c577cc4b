import FaceImages

/// A detector's network that gives what a test wants, whatever the image shows.
struct SyntheticNetwork: FaceDetectorNetwork {
    /// One cell's outputs.
    struct Cell: Sendable {
        var stride: Int
        var column: Int
        var row: Int
        var classScore: Float = 0.9
        var objectScore: Float = 0.9
        /// Centre relative to the cell, logarithms of the size; in strides.
        var box: [Float] = [0, 0, 1, 1]
        /// Five points relative to the cell, in strides.
        var points: [Float] = [-1, -1, 1, -1, 0, 0, -0.8, 1, 0.8, 1]
    }

    var cells: [Cell] = []
    /// What all other cells score.
    var background: Float = 0
    var strides = [8, 16, 32]
    /// Floats left out at the end of each landmark output.
    var missingFloats = 0
    /// Called with each image that is run.
    var inspect: @Sendable (NetworkImage) -> Void = { _ in }

    func run<Result>(
        _ image: NetworkImage, _ body: ([YuNetLevel]) throws(FaceImageError) -> Result
    ) throws(FaceImageError) -> Result {
        inspect(image)
        var levels: [YuNetLevel] = []
        defer {
            for level in levels {
                level.classScores.deallocate()
                level.objectScores.deallocate()
                level.boxes.deallocate()
                level.landmarks.deallocate()
            }
        }
        for stride in strides {
            let columns = image.width / stride, count = columns * (image.height / stride)
            func output(_ width: Int, _ fill: Float, less: Int = 0, _ value: (Cell) -> [Float]) -> UnsafeBufferPointer<
                Float
            > {
                let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(count * width - less, 0))
                buffer.initialize(repeating: fill)
                for cell in cells where cell.stride == stride {
                    let start = (cell.row * columns + cell.column) * width
                    for (index, number) in value(cell).enumerated() where start + index < buffer.count {
                        buffer[start + index] = number
                    }
                }
                return UnsafeBufferPointer(buffer)
            }
            levels.append(
                YuNetLevel(
                    stride: stride, classScores: output(1, background) { [$0.classScore] },
                    objectScores: output(1, background) { [$0.objectScore] }, boxes: output(4, 0) { $0.box },
                    landmarks: output(10, 0, less: missingFloats) { $0.points }))
        }
        return try body(levels)
    }
}
