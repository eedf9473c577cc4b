internal import CCUDADriver

/// A captured graph, ready to be launched again and again on the buffers that were captured. One launch of it runs at a
/// time; launches on several streams wait for each other.
package final class CUDAGraphExecutable: Sendable {
    package let context: CUDAContext
    private nonisolated(unsafe) let handle: OpaquePointer
    private let owners: [any AnyObject & Sendable]

    /// Takes ownership of the handle.
    init(owning handle: OpaquePointer, keeping owners: [any AnyObject & Sendable], on context: CUDAContext) {
        self.handle = handle
        self.owners = owners
        self.context = context
    }

    deinit {
        context.release("cuGraphExecDestroy") { ccu_graph_exec_destroy($0, handle) }
    }

    /// Puts one run of the whole graph on a stream.
    ///
    /// - Throws: `CUDAError` when the driver refuses.
    package func launch(on stream: CUDAStream) throws(CUDAError) {
        try context.call("cuGraphLaunch", "can't launch a graph") { ccu_graph_launch($0, handle, stream.handle) }
    }

    /// Brings the graph to the GPU ahead of its first launch, which is then as quick as the later ones.
    ///
    /// - Throws: `CUDAError` when the driver refuses.
    package func upload(on stream: CUDAStream) throws(CUDAError) {
        try context.call("cuGraphUpload", "can't upload a graph") { ccu_graph_upload($0, handle, stream.handle) }
    }

    /// Takes over addresses and sizes from a graph of the same shape, much quicker than instantiating it. What the new
    /// graph uses is the caller's to keep alive.
    ///
    /// - Returns: Whether it could; if not, this graph is as before and the other one has to be instantiated.
    /// - Throws: `CUDAError` for any failure but a difference between the graphs.
    package func update(from graph: CUDAGraph) throws(CUDAError) -> Bool {
        var outcome: Int32 = 0
        let result = try context.status { ccu_graph_update($0, handle, graph.handle, &outcome) }
        if result == DriverResult.graphUpdateFailed { return false }
        guard result == DriverResult.success else {
            throw context.failure(result, call: "cuGraphExecUpdate", what: "can't update a graph")
        }
        return true
    }
}
