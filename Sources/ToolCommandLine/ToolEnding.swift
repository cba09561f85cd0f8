import DatacubeStorage
import Glibc
import Logging

/// Turns the end of a tool's work into its last lines and its exit status.
enum ToolEnding {
    static func status(of result: Result<JobOutcome, any Error>, signal: Int32, log: Logger) -> ExitStatus {
        switch result {
        case .success(let outcome):
            return ended(outcome, log: log)
        case .failure where signal != 0:
            log.warning("interrupted by \(signal == SIGINT ? "SIGINT" : "SIGTERM"); what was finished is kept")
            return signal == SIGINT ? .interrupted : .terminated
        case .failure(let error):
            let error = PipelineError.wrapping(error)
            log.error("\(error)")
            return status(of: error)
        }
    }

    /// Writes the same for scripts: what was done, then a line for each failure.
    static func record(_ result: Result<JobOutcome, any Error>, signal: Int32, in file: String?, log: Logger) {
        guard let file else { return }
        let lines =
            switch result {
            case .success(let outcome): [counts(outcome)] + outcome.failures.map { PrintableText.line($0) }
            case .failure where signal != 0: ["interrupted; what was finished is kept"]
            case .failure(let error): ["\(PipelineError.wrapping(error))", "\(PipelineError.wrapping(error))"]
            }
        do {
            try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: file)
        } catch {
            log.warning("\(PipelineError.wrapping(error))")
        }
    }

    private static func counts(_ outcome: JobOutcome) -> String {
        "\(outcome.finished) finished, \(outcome.skipped) skipped, \(outcome.failures.count) failed"
    }

    /// Try later where waiting can help, failed elsewhere.
    static func status(of error: PipelineError) -> ExitStatus {
        switch error.code {
        case .noSpace, .unavailable, .outOfTime: .tryLater
        default: .failed
        }
    }

    private static func ended(_ outcome: JobOutcome, log: Logger) -> ExitStatus {
        for failure in outcome.failures { log.error("\(failure)") }
        if !outcome.failures.isEmpty {
            log.error("\(outcome.status == .failed ? "failed" : "partly done"): \(counts(outcome))")
        }
        return outcome.status
    }
}
