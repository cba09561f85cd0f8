import Glibc

/// Maps a failed system call to an error that names the path and the remedy.
enum SystemCall {
    /// The error for the current `errno`; call it right after the failure, on the same thread.
    static func failure(_ action: String, _ path: String, errno code: Int32 = errno) -> PipelineError {
        let cause = unsafe String(cString: unsafe strerror(code))
        switch code {
        case ENOENT:
            return PipelineError(.notFound, "cannot \(action) \(path): it does not exist", cause: cause)
        case ENOSPC, EDQUOT:
            let remedy = "no space is left there; free some or choose another target"
            return PipelineError(.noSpace, "cannot \(action) \(path): \(remedy)", cause: cause)
        case EACCES, EPERM:
            let kind: PipelineError.Code = isReading(action) ? .unreadable : .unwritable
            return PipelineError(
                kind,
                "cannot \(action) \(path): permission denied; check owner and mode",
                cause: cause
            )
        case EROFS:
            return PipelineError(.unwritable, "cannot \(action) \(path): the file system is read-only", cause: cause)
        case EIO, ESTALE, ENXIO, EREMOTEIO, EBADMSG, EUCLEAN, ENODATA, ETIMEDOUT:
            // Of one file, as a rule: a bad sector, a stripe that is gone. Whoever reads others may go on.
            guard isReading(action) else { return PipelineError(.system, "cannot \(action) \(path)", cause: cause) }
            return PipelineError(.unreadable, "cannot \(action) \(path): the storage fails there", cause: cause)
        default:
            return PipelineError(.system, "cannot \(action) \(path)", cause: cause)
        }
    }

    private static func isReading(_ action: String) -> Bool { action.hasPrefix("read") || action.hasPrefix("list") }

    /// Repeats a call that a signal interrupted; -1 becomes an error.
    @discardableResult
    static func check<Value: SignedInteger>(
        _ action: String,
        path: String,
        call: () -> Value
    ) throws(PipelineError) -> Value {
        while true {
            let value = call()
            if value >= 0 { return value }
            guard errno == EINTR else { throw failure(action, path) }
        }
    }
}
