import Glibc

/// A thread that can be joined.
///
/// Foundation's `Thread` can't: a job that ended would leave threads that are still tearing down what libraries keep for each thread, and a
/// process that exits meanwhile runs those libraries' own destructors beside them.
final class WorkerThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var handle: pthread_t = 0

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - stackBytes: the stack's size.
    ///   - body: what it runs.
    /// - Throws: `ArcFaceError` if the system gives no further thread.
    init(stackBytes: Int, body: @escaping @Sendable () -> Void) throws(ArcFaceError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setstacksize(attributes, stackBytes)
        let context = Unmanaged.passRetained(Body(body))
        let status = pthread_create(
            &handle, attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard status == 0 else {
            context.release()
            throw ArcFaceError(
                .unavailable, "no further thread can be had: \(String(cString: strerror(status)))",
                mend: "use fewer --threads")
        }
    }

    /// Waits until the thread is gone, its thread-local state included.
    func join() {
        pthread_join(handle, nil)
    }
}
