/// Runs a task on the thread that waits for it, and on no other: Swift's own pool takes no part.
///
/// A process that was forked has only the thread that forked; whatever waits for a thread of Swift's pool waits for ever
/// there. All that the task awaits has to come from threads of its own, as ``BlockingExecutor`` has them.
final class JobLoop: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isEnded = false
    }

    private let state = Monitor(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.change { $0.jobs.append(job) }
    }

    /// Runs `work` to its end; `started` gets the task, which may be cancelled from elsewhere.
    func run(started: (Task<Void, Never>) -> Void, _ work: @escaping @Sendable () async -> Void) {
        started(
            Task(executorPreference: self) { [state] in
                await work()
                state.change { $0.isEnded = true }
            }
        )
        while let job = next() { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func next() -> UnownedJob? {
        state.wait { state in
            if !state.jobs.isEmpty { return .some(state.jobs.removeFirst()) }
            return state.isEnded ? .some(nil) : nil
        }
    }
}

/// Async work that a thread outside of Swift starts, waits for and may cancel.
///
/// It runs on a thread of its own: a thread that has forked must not wait for a `Mutex`, which knows threads by numbers
/// that the fork has changed.
public final class ForeignCall<Value: Sendable>: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isCancelled = false
        var outcome: Result<Value, any Error>?
    }

    private let state = Monitor(State())

    /// Starts the work.
    public init(_ work: @escaping @Sendable () async throws -> Value) throws(PipelineError) {
        try DetachedThread.start { [state] in
            JobLoop().run(
                started: { task in
                    state.change { state in
                        state.task = task
                        if state.isCancelled { task.cancel() }
                    }
                },
                {
                    let outcome: Result<Value, any Error>
                    do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
                    state.change { $0.outcome = outcome }
                }
            )
        }
    }

    /// What came of it; nil where it has not ended within so many seconds.
    public func outcome(within seconds: Double) -> Result<Value, any Error>? {
        state.wait(seconds: seconds) { $0.outcome }
    }

    /// What came of it, when it has ended.
    public func outcome() -> Result<Value, any Error> { state.wait { $0.outcome } }

    /// Ends the work as soon as what runs of it has ended; the outcome tells.
    public func cancel() {
        state.change { state in
            state.isCancelled = true
            state.task?.cancel()
        }
    }
}
