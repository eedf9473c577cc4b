internal import CCUDADriver

/// Work that was captured from a stream, as a description: nothing can run it before it is instantiated.
package final class CUDAGraph: Sendable {
    package let context: CUDAContext
    nonisolated(unsafe) let handle: OpaquePointer

    /// Takes ownership of the handle.
    init(owning handle: OpaquePointer, on context: CUDAContext) {
        self.handle = handle
        self.context = context
    }

    deinit {
        context.release("cuGraphDestroy") { ccu_graph_destroy($0, handle) }
    }

    /// How many kernels, copies and other steps were captured.
    ///
    /// - Throws: `CUDAError` when the driver can't tell.
    package func nodeCount() throws(CUDAError) -> Int {
        var count = 0
        try context.call("cuGraphGetNodes", "can't look into a graph") { ccu_graph_node_count($0, handle, &count) }
        return count
    }

    /// Makes the graph runnable. The description may be freed afterwards.
    ///
    /// - Parameter owners: What the captured work uses, such as its buffers: kept alive as long as the result.
    /// - Returns: The runnable graph.
    /// - Throws: `CUDAError` when the driver can't.
    package func instantiate(
        keeping owners: [any AnyObject & Sendable] = []
    ) throws(CUDAError) -> CUDAGraphExecutable {
        var executable: OpaquePointer?
        try context.call("cuGraphInstantiateWithFlags", "can't make a captured graph runnable") {
            ccu_graph_instantiate($0, &executable, handle, 0)
        }
        guard let executable else {
            throw context.failure(
                DriverResult.invalidValue, call: "cuGraphInstantiateWithFlags",
                what: "can't make a captured graph runnable")
        }
        return CUDAGraphExecutable(owning: executable, keeping: owners, on: context)
    }
}
