// https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket"
import CCurl
import CSystem
import Glibc

/// What an event loop waits for: libcurl's sockets, its timer, and other threads.
///
/// Wraps `curl_multi_socket_action`, `epoll` and `eventfd`. The alternative, `curl_multi_poll` and `curl_multi_perform`, asks
/// the system about each connection each time that one of them is ready: with 64 of them, that costs more than what they
/// bring.
@safe final class CurlSockets: @unchecked Sendable {
    // Sound: `wakeUp` uses a descriptor that is closed in deinit only; all else is for the loop's thread.
    private let poll: Int32
    private let signal: Int32
    // When libcurl wants to be called, in seconds; its timer has one time only.
    private var deadline: Double?

    // Those that are ready at a time and more are found the next time.
    private static let mostEvents = 64
    // So that a lost wake-up would cost that much, not everything.
    private static let longestWait = 1.0

    /// - Throws: ``PipelineError`` when the process may not open more files.
    init() throws {
        poll = system_epoll_create()
        signal = system_signal_create()
        guard poll >= 0, signal >= 0 else {
            let failure = SystemCall.failure("wait for", "network connections", errno: errno)
            for descriptor in [poll, signal] where descriptor >= 0 { close(descriptor) }
            throw failure
        }
        system_epoll_watch(poll, signal, true, false)
    }

    deinit {
        close(poll)
        close(signal)
    }

    /// Lets libcurl tell which sockets and what time it waits for; valid as long as this lives.
    func attach(to multi: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe curl_multi_set_socket_function(multi, socketChanged, context)
        _ = unsafe curl_multi_set_timer_function(multi, timerChanged, context)
    }

    /// Ends the loop's wait; for other threads.
    func wakeUp() { system_signal_raise(signal) }

    /// Waits until a socket, the timer or another thread is ready, and lets libcurl do what there is to do.
    func wait(_ multi: UnsafeMutableRawPointer) {
        unsafe withUnsafeTemporaryAllocation(of: system_event.self, capacity: Self.mostEvents) { events in
            let count = unsafe system_epoll_wait(
                poll,
                signal,
                events.baseAddress,
                Int32(events.count),
                millisecondsToWait()
            )
            for index in 0..<Int(count) where unsafe events[index].descriptor != signal {
                unsafe act(multi, on: events[index])
            }
        }
        guard let deadline, SystemClock.seconds() >= deadline else { return }
        self.deadline = nil
        _ = unsafe curl_multi_time_out(multi)
    }

    private func millisecondsToWait() -> Int32 {
        let seconds = min(deadline.map { $0 - SystemClock.seconds() } ?? .infinity, Self.longestWait)
        return Int32((max(0, seconds) * 1000).rounded(.up))
    }

    private func act(_ multi: UnsafeMutableRawPointer, on event: system_event) {
        var running: Int32 = 0
        // Where it is neither, something is wrong with the socket, which libcurl then finds out by itself.
        let actions = (event.is_readable ? CURL_CSELECT_IN : 0) | (event.is_writable ? CURL_CSELECT_OUT : 0)
        _ = unsafe curl_multi_socket_action(multi, event.descriptor, actions, &running)
    }

    fileprivate func watch(_ socket: Int32, for what: Int32) {
        let reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT
        let writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT
        system_epoll_watch(poll, socket, reads, writes)
    }

    fileprivate func setTimer(milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : SystemClock.seconds() + Double(milliseconds) / 1000
    }
}

private func socketChanged(
    _ easy: UnsafeMutableRawPointer?,
    _ socket: curl_socket_t,
    _ what: Int32,
    _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe sockets(context)?.watch(socket, for: what)
    return 0
}

private func timerChanged(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    unsafe sockets(context)?.setTimer(milliseconds: milliseconds)
    return 0
}

private func sockets(_ context: UnsafeMutableRawPointer?) -> CurlSockets? {
    unsafe context.map { unsafe Unmanaged<CurlSockets>.fromOpaque($0).takeUnretainedValue() }
}
