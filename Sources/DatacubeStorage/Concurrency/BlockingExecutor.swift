import CSystem
import Synchronization

/// A fixed number of threads for work that blocks: C decoders, disk, compression.
///
/// Swift's own pool has one thread per core and must never block, so such calls run here. Work is handed out
/// in the order in which it was submitted: when an iteration runs out of items its idle threads go on with the next
/// iteration, so two overlapping iterations keep every core busy without a barrier between them.
///
/// Do not submit from inside a work item; that could leave every thread waiting for another.
public final class BlockingExecutor: Sendable {
    /// How many work items run at a time.
    public let width: Int
    private let queue: IterationQueue

    /// Starts `width` threads; they end when the executor is released.
    public init(width: Int) {
        self.width = Swift.max(1, width)
        self.queue = IterationQueue()
        for _ in 0..<self.width { WorkerThread.start(serving: queue) }
    }

    deinit { queue.close() }

    /// Has executors hand out no further items, and waits at most so many seconds until no thread of theirs runs one: what a
    /// process does before it forks, so that no lock is held by a thread that the fork does not copy.
    static func pause(_ executors: [BlockingExecutor], seconds: Double) {
        let end = SystemClock.seconds() + seconds
        for executor in executors { executor.queue.pause() }
        for executor in executors { executor.queue.waitForRest(until: end) }
    }

    /// Ends a pause.
    func resume() { queue.resume() }

    /// Runs one blocking call and returns its result; an urgent one before everything that waits.
    public func run<Result: Sendable>(
        urgently: Bool = false,
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        let slot = Mutex<Result?>(nil)
        try await forEach(1, urgently: urgently) { _ in
            let result = try work()
            slot.withLock { $0 = result }
        }
        guard let result = slot.withLock({ $0 }) else { throw CancellationError() }
        return result
    }

    /// Runs `work` once for every index in `0..<count`, at most ``width`` at a time, lowest index first.
    ///
    /// The first error stops the handing out of further indices and is thrown once the running ones have ended.
    /// Cancelling the task does the same and throws `CancellationError`.
    ///
    /// Urgent work, which something else waits for, comes before what was submitted earlier. Of work with a limit no
    /// more runs at a time than that; what was submitted later takes the other threads.
    public func forEach(
        _ count: Int,
        atMost limit: Int = .max,
        urgently: Bool = false,
        work: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let highest: @Sendable (Int) -> Int = { _ in .max }
        try await run(Iteration(count: count, limit: limit, priority: urgently ? highest : nil, work: work))
    }

    /// The same where each item has a priority: of all iterations, the one whose next item has the highest goes first.
    ///
    /// Items of one iteration keep their order, so priorities should not rise. That of other work is 0.
    func forEach(priorities: [Int], _ work: @escaping @Sendable (Int) throws -> Void) async throws {
        try await run(Iteration(count: priorities.count, limit: .max, priority: { priorities[$0] }, work: work))
    }

    private func run(_ iteration: Iteration) async throws {
        try Task.checkCancellation()
        guard !iteration.isEmpty else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                iteration.whenDone { continuation.resume(with: $0) }
                queue.add(iteration)
            }
        } onCancel: {
            iteration.stop(with: CancellationError())
        }
    }
}

/// The iterations that still have items to hand out: by priority, and first come first served where it is equal.
///
/// Threads wake one another, one by one: the system puts all those that one thread wakes at once where that thread runs,
/// where they take turns until its next look, some milliseconds, while other processors have nothing to do.
@safe final class IterationQueue: @unchecked Sendable {
    // Sound: the fields are touched only between lock and unlock of `gate`, which is freed in deinit only.
    private let gate: UnsafeMutableRawPointer
    private var iterations: [Iteration] = []
    private var waiting = 0
    private var running = 0
    private var isPaused = false
    private var isClosed = false
    /// Why a thread has to come back after each item: pauses, and iterations that are not plain.
    private let reasonsToAsk = Atomic(0)

    init() { unsafe gate = system_gate_create() }

    deinit { unsafe system_gate_destroy(gate) }

    func add(_ iteration: Iteration) {
        unsafe system_gate_lock(gate)
        iterations.append(iteration)
        if !iteration.isPlain { reasonsToAsk.add(1, ordering: .releasing) }
        unsafe system_gate_unlock(gate)
        unsafe system_gate_wake_one(gate)
    }

    func close() {
        unsafe system_gate_lock(gate)
        isClosed = true
        unsafe system_gate_wake_all(gate)
        unsafe system_gate_unlock(gate)
    }

    func pause() {
        unsafe system_gate_lock(gate)
        if !isPaused { reasonsToAsk.add(1, ordering: .releasing) }
        isPaused = true
        unsafe system_gate_unlock(gate)
    }

    func waitForRest(until end: Double) {
        unsafe system_gate_lock(gate)
        while running > 0, unsafe system_gate_wait_until(gate, end) != 0 {}
        unsafe system_gate_unlock(gate)
    }

    func resume() {
        unsafe system_gate_lock(gate)
        if isPaused { reasonsToAsk.subtract(1, ordering: .releasing) }
        isPaused = false
        unsafe system_gate_wake_all(gate)
        unsafe system_gate_unlock(gate)
    }

    /// Waits for an item; nil when the executor is gone.
    ///
    /// `hasRun` tells that the thread has done the one that it took before.
    func take(hasRun: Bool) -> (iteration: Iteration, index: Int)? {
        unsafe system_gate_lock(gate)
        if hasRun { running -= 1 }
        if isPaused, running == 0 { unsafe system_gate_wake_all(gate) }
        var item = next()
        while item == nil, !isClosed {
            waiting += 1
            unsafe system_gate_wait(gate)
            waiting -= 1
            item = next()
        }
        if item != nil { running += 1 }
        let wakesAnother = waiting > 0 && item != nil && !iterations.isEmpty
        unsafe system_gate_unlock(gate)
        if wakesAnother { unsafe system_gate_wake_one(gate) }
        return item
    }

    /// Whether a thread may go on with the iteration that it has, without asking: all that waits is plain, and comes later.
    var isPlain: Bool { reasonsToAsk.load(ordering: .acquiring) == 0 }

    // An iteration at its limit goes on with the threads that run its items: each comes back here.
    private func next() -> (iteration: Iteration, index: Int)? {
        guard !isPaused else { return nil }
        iterations.removeAll { iteration in
            guard iteration.isHandedOut else { return false }
            if !iteration.isPlain { reasonsToAsk.subtract(1, ordering: .releasing) }
            return true
        }
        while let iteration = foremost() {
            // Nil when the iteration was stopped just now.
            if let index = iteration.takeTurn() { return (iteration, index) }
        }
        return nil
    }

    private func foremost() -> Iteration? {
        var found: (iteration: Iteration, priority: Int)?
        for iteration in iterations {
            guard let priority = iteration.nextPriority, priority > found?.priority ?? .min else { continue }
            found = (iteration, priority)
        }
        return found?.iteration
    }
}

/// One thread of an executor.
enum WorkerThread {
    // OpenJPEG and GDAL keep large frames on the stack; 8 MiB is what the main thread has by default.
    private static let stackBytes = 8 << 20

    static func start(serving queue: IterationQueue) {
        let context = unsafe Unmanaged.passRetained(queue).toOpaque()
        let status = unsafe system_start_thread(workerMain, context, stackBytes)
        precondition(status == 0, "pthread_create failed with \(status): the process has no room for another thread")
    }
}

private func workerMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let queue = unsafe Unmanaged<IterationQueue>.fromOpaque(context).takeRetainedValue()
    var hasRun = false
    while let (iteration, index) = queue.take(hasRun: hasRun) {
        iteration.perform(index)
        while queue.isPlain, let index = iteration.takeTurn() { iteration.perform(index) }
        hasRun = true
    }
    return nil
}
