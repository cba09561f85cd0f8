/// A thread that shows others that this process lives, by the time of modification of a file.
final class LockHeartbeat: Sendable {
    private let hasEnded = Monitor(false)

    init(file: String, every seconds: Double) throws(PipelineError) {
        try DetachedThread.start { [hasEnded] in
            while hasEnded.wait(seconds: seconds, for: { $0 ? true : nil }) == nil {
                // Without the file the lock is lost, which its owner learns when it wants to name something. Any other
                // failure, such as a file server that is away, may pass.
                try? LocalFile(reading: file).setTimes(Int(SystemClock.sinceEpoch() * 1e9))
            }
        }
    }

    func end() { hasEnded.change { $0 = true } }
}
