import FaceImages

extension SlotPool {
    /// Embeds a batch in as many runs as it takes, on slots as they come free.
    ///
    /// - Parameters:
    ///   - pixels: uint8 [count, 112, 112, 3], BGR.
    ///   - count: faces, one or more.
    ///   - buckets: the sizes of runs.
    ///   - width: numbers of an embedding.
    ///   - output: float [count, width].
    ///   - path: how much of each run it shall be.
    /// - Throws: `ArcFaceError` of the first run that fails; nothing touches the caller's memory then, and all slots are back.
    func embed(
        _ pixels: UnsafeRawBufferPointer, count: Int, buckets: BatchBuckets, width: Int,
        into output: UnsafeMutableBufferPointer<Float>, along path: BatchPath = .host
    ) throws(ArcFaceError) {
        try requireRoom(pixels, count: count, width: width, output)
        var waiting = buckets.pieces(of: count)[...]
        var running: [(slot: BatchSlot, piece: BatchBuckets.Piece)] = []
        // Whatever happens, every slot comes back, and the GPU is done with it.
        defer {
            for run in running {
                run.slot.settle()
                give(run.slot)
            }
        }
        while !waiting.isEmpty || !running.isEmpty {
            if let piece = waiting.first, let slot = running.isEmpty ? take() : takeIfFree() {
                waiting.removeFirst()
                do throws(GPUFailure) {
                    try slot.start(
                        pixels.faces(piece.range), count: piece.range.count, bucket: piece.bucket, along: path)
                } catch {
                    give(slot)
                    throw error.error
                }
                running.append((slot, piece))
            } else {
                let (slot, piece) = running.removeFirst()
                defer { give(slot) }
                do throws(GPUFailure) {
                    try slot.finish(into: output.rows(piece.range, width: width), along: path)
                } catch {
                    throw error.error
                }
            }
        }
    }

    func requireRoom(
        _ pixels: UnsafeRawBufferPointer, count: Int, width: Int, _ output: UnsafeMutableBufferPointer<Float>
    ) throws(ArcFaceError) {
        guard count > 0, pixels.count >= count * FaceBatch.bytesPerFace, output.count >= count * width else {
            throw ArcFaceError(
                .invalidInput, "\(count) faces with \(pixels.count) bytes, and room for \(output.count) numbers")
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes of some faces.
    func faces(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        let size = FaceBatch.bytesPerFace
        return UnsafeRawBufferPointer(rebasing: self[range.lowerBound * size..<range.upperBound * size])
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// The numbers of some rows.
    func rows(_ range: Range<Int>, width: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: self[range.lowerBound * width..<range.upperBound * width])
    }
}
