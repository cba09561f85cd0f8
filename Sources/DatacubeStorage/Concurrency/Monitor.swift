import CSystem

/// A value that threads change and wait for: a mutex, a condition and what they guard, in one.
///
/// Waiting blocks the thread; use it between threads that may block, never on Swift's own pool.
@safe final class Monitor<State>: @unchecked Sendable {
    // Sound: `state` is touched only between lock and unlock of `gate`, which is freed in deinit only.
    private let gate: UnsafeMutableRawPointer
    private var state: State

    init(_ state: State) {
        unsafe gate = system_gate_create()
        self.state = state
    }

    deinit { unsafe system_gate_destroy(gate) }

    /// Changes the value and wakes everyone who waits for a change.
    func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        unsafe system_gate_lock(gate)
        defer { unsafe system_gate_unlock(gate) }
        defer { unsafe system_gate_wake_all(gate) }
        return try body(&state)
    }

    /// Changes the value, and wakes those who wait if the change says that it is worth it.
    func changeAndWakeIf(_ body: (inout State) -> Bool) {
        unsafe system_gate_lock(gate)
        if body(&state) { unsafe system_gate_wake_all(gate) }
        unsafe system_gate_unlock(gate)
    }

    /// Waits until `condition` finds what it looks for.
    func wait<Result>(for condition: (inout State) -> Result?) -> Result {
        unsafe system_gate_lock(gate)
        defer { unsafe system_gate_unlock(gate) }
        while true {
            if let result = condition(&state) { return result }
            unsafe system_gate_wait(gate)
        }
    }

    /// Waits at most so many seconds; nil when `condition` has not found anything by then.
    func wait<Result>(seconds: Double, for condition: (inout State) -> Result?) -> Result? {
        let end = SystemClock.seconds() + seconds
        unsafe system_gate_lock(gate)
        defer { unsafe system_gate_unlock(gate) }
        while true {
            if let result = condition(&state) { return result }
            guard unsafe system_gate_wait_until(gate, end) != 0 else { return condition(&state) }
        }
    }
}
