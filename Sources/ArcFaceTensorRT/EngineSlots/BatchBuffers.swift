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
    private let staging = StagedCopy()

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

    /// Begins to bring faces to the GPU, the first of them while the last are still being staged.
    ///
    /// - Parameters:
    ///   - pixels: whole faces, at most as many as there is memory for; read during the call only.
    ///   - path: whether they are staged, and copied.
    ///   - timer: marks staging and the copy, which then come one after the other.
    /// - Throws: `CUDAError` when the driver refuses; copies may be under way then.
    func upload(
        _ pixels: UnsafeRawBufferPointer, along path: BatchPath, timer: StageTimer?
    ) throws(CUDAError) {
        guard pixels.count <= pinnedFaces.byteCount else {
            throw CUDAError(
                code: .invalidArgument, what: "\(pixels.count) bytes of faces for \(pinnedFaces.byteCount) of memory",
                where: faces.context.device.description)
        }
        switch (path, timer) {
        case (.device, _): return
        case (.pinned, _): try copies.copy(pixels.count, from: pinnedFaces, to: faces)
        case (.host, nil):
            try staging.run(from: pixels, to: pinnedFaces.bytes) { (part) throws(CUDAError) in
                try copies.copy(
                    part.count, from: pinnedFaces, sourceOffset: part.lowerBound, to: faces,
                    targetOffset: part.lowerBound)
            }
        case (.host, let timer?):
            try timer.time(.staging) { () throws(CUDAError) in
                try staging.run(from: pixels, to: pinnedFaces.bytes) { (_) throws(CUDAError) in }
            }
            try timer.begin(.hostToDevice, on: copies)
            try copies.copy(pixels.count, from: pinnedFaces, to: faces)
            try timer.end(.hostToDevice, on: copies)
        }
        try uploaded.record(on: copies)
    }

    /// Begins to fetch the first `count` embeddings, once they are computed.
    func download(count: Int, along path: BatchPath, timer: StageTimer?) throws(CUDAError) {
        try copies.wait(for: computed)
        if path != .device {
            let bytes = Self.byteCounts(size: count, width: width).embeddings
            try timer?.begin(.deviceToHost, on: copies)
            try copies.copy(bytes, from: embeddings, to: pinnedEmbeddings)
            try timer?.end(.deviceToHost, on: copies)
        }
        try downloaded.record(on: copies)
    }

    /// Waits for the embeddings.
    ///
    /// - Parameters:
    ///   - output: gets as many of them as it has room for.
    ///   - path: whether it gets any.
    ///   - timer: times the copy to the output.
    /// - Throws: `CUDAError`, also for a failure of the computation.
    func finish(
        into output: UnsafeMutableBufferPointer<Float>, along path: BatchPath, timer: StageTimer?
    ) throws(CUDAError) {
        try downloaded.synchronize()
        guard path == .host else { return }
        let computed = UnsafeRawBufferPointer(
            rebasing: pinnedEmbeddings.bytes.prefix(output.count * MemoryLayout<Float>.stride))
        func collect() { UnsafeMutableRawBufferPointer(output).copyMemory(from: computed) }
        if let timer { timer.time(.collecting, collect) } else { collect() }
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
