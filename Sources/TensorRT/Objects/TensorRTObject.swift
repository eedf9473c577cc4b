internal import CTensorRT

/// The one owner of an object of TensorRT's. It is destroyed with the last reference, and what it depends on lives at
/// least as long: its parents, and through the interface the loaded library.
///
/// TensorRT's objects may be used from one thread at a time unless their Swift type says more.
final class TensorRTObject: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    let interface: TensorRTInterface
    private nonisolated(unsafe) let parents: [AnyObject]

    init(_ pointer: OpaquePointer, interface: TensorRTInterface, parents: [AnyObject]) {
        self.pointer = pointer
        self.interface = interface
        self.parents = parents
    }

    deinit {
        trt_object_destroy(pointer)
    }
}
