import CSystem

/// A thread that runs one closure and ends with it.
enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread.
    static func start(_ run: @escaping @Sendable () -> Void) throws(PipelineError) {
        let context = unsafe Unmanaged.passRetained(Body(run)).toOpaque()
        let status = unsafe system_start_thread(
            { context in
                if let context = unsafe context { unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context,
            1 << 20
        )
        guard status == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(context).release()
            throw PipelineError(.system, "no further thread can be started", cause: "pthread_create returned \(status)")
        }
    }
}
