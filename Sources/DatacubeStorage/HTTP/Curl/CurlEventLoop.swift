// https://curl.se/libcurl/c/libcurl-multi.html
import CCurl
import Synchronization

/// One thread that drives all transfers of a client over shared connections.
///
/// Wraps `curl_multi_init`. Other threads reach it through an inbox only.
@safe final class CurlEventLoop: @unchecked Sendable {
    // Sound: `inbox` is a lock, `sockets` may be woken by any thread, and all else is touched only by the loop's thread,
    // which keeps the instance alive until it ends.
    private struct Inbox {
        var submitted: [CurlTransfer] = []
        var isClosed = false
    }

    private let multi: UnsafeMutableRawPointer
    private let sockets: CurlSockets
    private let inbox = Mutex(Inbox())
    // Any thread may read it.
    private let microseconds = Atomic(-1)
    private var queue: AdmissionQueue<CurlTransfer>
    private var running: [UnsafeMutableRawPointer: CurlTransfer] = unsafe [:]

    init(limits: ConnectionLimits) throws {
        CurlLibrary.initialize()
        sockets = try CurlSockets()
        guard let multi = unsafe curl_multi_init() else {
            throw PipelineError(.system, "libcurl has no memory for its connections")
        }
        unsafe self.multi = multi
        unsafe sockets.attach(to: multi)
        queue = AdmissionQueue(limits: limits)
        // The queue admits no more transfers than that; these bounds hold for idle connections as well.
        _ = unsafe curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, limits.total)
        _ = unsafe curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, limits.perHost)
        _ = unsafe curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limits.total)
        do {
            try DetachedThread.start { self.run() }
        } catch {
            _ = unsafe curl_multi_cleanup(multi)
            throw error
        }
    }

    /// Seconds until an answer of the last server begins; nil where none has come yet.
    var delay: Double? {
        let microseconds = microseconds.load(ordering: .relaxed)
        return microseconds < 0 ? nil : Double(microseconds) / 1e6
    }

    /// Queues a transfer; its completion is called once, on the loop's thread.
    func submit(_ transfer: CurlTransfer) {
        let isClosed = inbox.withLock { inbox in
            guard !inbox.isClosed else { return true }
            inbox.submitted.append(transfer)
            sockets.wakeUp()
            return false
        }
        if isClosed { transfer.end(.failure(CancellationError())) }
    }

    /// Ends all transfers, those still to come too, and the thread.
    func close() {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return }
            inbox.isClosed = true
            sockets.wakeUp()
        }
    }

    private func run() {
        BrokenPipes.blockSignal()
        while takeInbox() {
            startAdmitted()
            // Also starts those: libcurl sets its timer for that.
            unsafe sockets.wait(multi)
            endFinished()
        }
        // Closes the connections. From here on nobody wakes the handle, for the inbox is closed.
        _ = unsafe curl_multi_cleanup(multi)
    }

    /// Takes over what other threads asked for; false when the loop is closed.
    private func takeInbox() -> Bool {
        let new = inbox.withLock { inbox in
            defer { inbox.submitted = [] }
            return inbox
        }
        for transfer in new.submitted { queue.append(transfer, to: transfer.origin) }
        guard new.isClosed else { return true }
        for transfer in queue.remove(where: { _ in true }) { transfer.end(.failure(CancellationError())) }
        for transfer in unsafe Array(running.values) {
            remove(transfer)
            transfer.end(.failure(CancellationError()))
        }
        return false
    }

    private func startAdmitted() {
        while let transfer = queue.admit() {
            unsafe running[transfer.handle] = transfer
            transfer.start()
            let code = unsafe curl_multi_add_handle(multi, transfer.handle)
            guard code != CURLM_OK else { continue }
            remove(transfer)
            let cause = unsafe String(cString: curl_multi_strerror(code))
            transfer.end(.failure(PipelineError(.system, "libcurl cannot start a request", cause: cause)))
        }
    }

    /// Reports what has ended, which makes room for others.
    private func endFinished() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let transfer = unsafe running[handle]
            else { continue }
            let code = unsafe message.pointee.data.result
            if let seconds = queue.learn(from: transfer.answer, of: transfer.origin) {
                microseconds.store(Int(seconds * 1e6), ordering: .relaxed)
            }
            remove(transfer)
            transfer.end(code)
        }
    }

    private func remove(_ transfer: CurlTransfer) {
        unsafe curl_multi_remove_handle(multi, transfer.handle)
        unsafe running[transfer.handle] = nil
        queue.release(transfer.origin)
    }
}
