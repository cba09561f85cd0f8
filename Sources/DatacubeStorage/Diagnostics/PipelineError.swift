/// What went wrong, on which path, and what to do about it.
///
/// Branch on ``code``, never on the text. `description` is one line, fit for a Slurm log.
public struct PipelineError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: String, Sendable {
        /// An option or a variable is absent or makes no sense.
        case configuration
        /// A file, band, product or store that must exist does not.
        case notFound
        /// A file exists and cannot be opened, read or listed.
        case unreadable
        /// A file cannot be created, written, renamed or removed.
        case unwritable
        /// Bytes were read and are not what their format demands.
        case corrupt
        /// Valid input of a kind that these tools do not handle.
        case unsupported
        /// Two things that must agree do not.
        case mismatch
        /// The target file system is full, or the quota is used up.
        case noSpace
        /// A server could not be reached or failed; the same request may succeed later.
        case unavailable
        /// A server refused the credentials or the permission that they give.
        case denied
        /// The time that was given is used up; the same command may go on later.
        case outOfTime
        /// Another process works on the same target.
        case locked
        /// A C library or the operating system failed for a reason of its own.
        case system
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, on which path or key, and what to do.
    public let message: String
    /// The words of the library or the operating system underneath, if any.
    public let cause: String?

    /// Creates an error; the texts become ``PrintableText``, so that it prints as one line.
    public init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = PrintableText.line(message)
        // Words of others: one line's beginning is enough.
        self.cause = cause.map { PrintableText.line($0, limit: 500) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `code: message (cause)`, in one line.
    public var description: String {
        "\(code.rawValue): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}

extension PipelineError {
    /// The same failure, told with the context in which it happened.
    public func within(_ context: String) -> PipelineError {
        PipelineError(code, "\(context): \(message)", cause: cause)
    }

    /// An error told with the context in which it happened; an interruption is no failure and stays what it is.
    static func told(_ error: any Error, within context: @autoclosure () -> String) -> any Error {
        error is CancellationError ? error : wrapping(error).within(context())
    }

    /// What `body` returns, or why it failed; an interruption is thrown.
    static func result<Success>(of body: () throws -> Success) throws(CancellationError) -> Result<
        Success, PipelineError
    > {
        do {
            return .success(try body())
        } catch let interruption as CancellationError {
            throw interruption
        } catch {
            return .failure(wrapping(error))
        }
    }

    /// Any error as a `PipelineError`, so that one line can be printed for it.
    public static func wrapping(_ error: any Error) -> PipelineError {
        (error as? PipelineError) ?? PipelineError(.system, String(describing: error))
    }
}
