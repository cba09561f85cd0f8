import Glibc

/// Keeps SIGPIPE from ending the process when a server has closed a connection.
///
/// OpenSSL writes to sockets without `MSG_NOSIGNAL`. The signal goes to the thread that writes, so blocking it there
/// is enough.
enum BrokenPipes {
    /// Blocks the signal on this thread from now on.
    static func blockSignal() {
        var signals = brokenPipe
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static var brokenPipe: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        return signals
    }
}
