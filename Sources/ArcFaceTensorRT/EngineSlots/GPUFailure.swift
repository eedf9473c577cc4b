import CUDADriver
import TensorRT

/// A failure on a GPU on its way to the caller, who may have a smaller set of batches to try.
struct GPUFailure: Error {
    /// Whether the GPU's memory, or pinned memory, wasn't enough.
    let isOutOfMemory: Bool
    /// Whether it was pinned memory of the host that wasn't enough.
    let isOfPinnedMemory: Bool
    /// Whether the error already says who holds the GPU's memory.
    let namesHolders: Bool
    /// What the user is told in the end.
    let error: ArcFaceError
    /// Where it happened; nil where nobody said.
    private(set) var gpu: CUDAContext?

    init(_ error: CUDAError) {
        isOutOfMemory = error.code == .outOfMemory
        isOfPinnedMemory = isOutOfMemory && error.call == "cuMemHostAlloc"
        namesHolders = isOutOfMemory && error.call == "cuMemAlloc_v2"
        self.error = ArcFaceError(error)
    }

    init(_ error: TensorRTError) {
        isOutOfMemory = error.code == .outOfDeviceMemory
        isOfPinnedMemory = false
        namesHolders = false
        self.error = ArcFaceError(error)
    }

    init(_ error: ArcFaceError) {
        isOutOfMemory = false
        isOfPinnedMemory = false
        namesHolders = false
        self.error = error
    }

    /// The same failure, on this GPU unless it is known to be of another.
    func on(_ gpu: CUDAContext) -> GPUFailure {
        var failure = self
        failure.gpu = failure.gpu ?? gpu
        return failure
    }

    /// Runs calls of the driver.
    static func driver<Value>(_ body: () throws(CUDAError) -> Value) throws(GPUFailure) -> Value {
        do throws(CUDAError) { return try body() } catch { throw GPUFailure(error) }
    }

    /// Runs calls of TensorRT.
    static func tensorRT<Value>(_ body: () throws(TensorRTError) -> Value) throws(GPUFailure) -> Value {
        do throws(TensorRTError) { return try body() } catch { throw GPUFailure(error) }
    }
}
