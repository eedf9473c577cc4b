import CUDADriver
import FaceImages
import TensorRT

/// Memory for one batch on its way through a GPU, device and pinned, with a stream of its own for the copies.
///
/// Several of them share a lane: while one's batch is computed, the others' are copied.
final class BatchBuffers: Sendable {
    /// uint8 [size, 112, 112, 3].
    let faces: DeviceMemory
    /// float [size, D].
    let embeddings: DeviceMemory
    /// The faces are on the GPU.
    let uploaded: CUDAEvent
    /// The embeddings are in `embeddings`.
    let computed: CUDAEvent
    private let pinnedFaces: PinnedMemory
    private let pinnedEmbeddings: PinnedMemory
    private let copies: CUDAStream
    private let downloaded: CUDAEvent
    private let width: Int

    /// Allocates memory for batches of up to `size` faces, filled with zeros.
    ///
    /// - Parameters:
    ///   - size: faces.
    ///   - width: numbers of an embedding.
    ///   - gpu: the GPU.
    /// - Throws: `CUDAError`, perhaps for want of memory.
    init(size: Int, width: Int, on gpu: CUDAContext) throws(CUDAError) {
        let (input, output) = Self.byteCounts(size: size, width: width)
        faces = try DeviceMemory(byteCount: input, on: gpu)
        embeddings = try DeviceMemory(byteCount: output, on: gpu)
        pinnedFaces = try PinnedMemory(byteCount: input, on: gpu)
        pinnedEmbeddings = try PinnedMemory(byteCount: output, on: gpu)
        copies = try CUDAStream(on: gpu)
        uploaded = try CUDAEvent(on: gpu)
        computed = try CUDAEvent(on: gpu)
        // The cores have photos to decode.
        downloaded = try CUDAEvent(on: gpu, sleepsWhileWaiting: true)
        self.width = width
        try copies.fill(faces, byteCount: input, with: 0)
        try copies.synchronize()
    }

    /// Bytes of the faces and of the embeddings.
    static func byteCounts(size: Int, width: Int) -> (faces: Int, embeddings: Int) {
        (size * FaceBatch.bytesPerFace, size * width * MemoryLayout<Float>.stride)
    }

    /// Begins to bring faces to the GPU.
    ///
    /// - Parameters:
    ///   - pixels: whole faces, at most as many as there is memory for; read during the call only.
    ///   - timer: marks the copy.
    /// - Throws: `CUDAError` when the driver refuses.
    func upload(_ pixels: UnsafeRawBufferPointer, timer: StageTimer? = nil) throws(CUDAError) {
        guard pixels.count <= pinnedFaces.byteCount else {
            throw CUDAError(
                code: .invalidArgument, what: "\(pixels.count) bytes of faces for \(pinnedFaces.byteCount) of memory",
                where: faces.context.device.description)
        }
        pinnedFaces.bytes.copyMemory(from: pixels)
        try timer?.begin(.hostToDevice, on: copies)
        try copies.copy(pixels.count, from: pinnedFaces, to: faces)
        try timer?.end(.hostToDevice, on: copies)
        try uploaded.record(on: copies)
    }

    /// Begins to fetch the first `count` embeddings, once they are computed.
    func download(count: Int, timer: StageTimer? = nil) throws(CUDAError) {
        try copies.wait(for: computed)
        let bytes = Self.byteCounts(size: count, width: width).embeddings
        try timer?.begin(.deviceToHost, on: copies)
        try copies.copy(bytes, from: embeddings, to: pinnedEmbeddings)
        try timer?.end(.deviceToHost, on: copies)
        try downloaded.record(on: copies)
    }

    /// Waits for the embeddings.
    ///
    /// - Parameter output: gets as many of them as it has room for.
    /// - Throws: `CUDAError`, also for a failure of the computation.
    func finish(into output: UnsafeMutableBufferPointer<Float>) throws(CUDAError) {
        try downloaded.synchronize()
        UnsafeMutableRawBufferPointer(output).copyMemory(
            from: UnsafeRawBufferPointer(
                rebasing: pinnedEmbeddings.bytes.prefix(output.count * MemoryLayout<Float>.stride)))
    }

    /// Waits until nothing touches the memory any more.
    func settle() throws(CUDAError) { try copies.synchronize() }
}

extension DeviceMemory {
    /// The address for libraries that take pointers.
    func pointer() throws(TensorRTError) -> UnsafeMutableRawPointer {
        guard let pointer = UnsafeMutableRawPointer(bitPattern: UInt(address)) else {
            throw TensorRTError(.invalidArgument, "memory at address 0", at: context.device.description)
        }
        return pointer
    }
}
