import ArgumentParser
public import DatacubeStorage
import Dispatch
import FoundationEssentials
import Glibc
public import Logging
import Synchronization

/// What a tool's work needs from its surroundings.
public struct ToolContext: Sendable {
    /// Settings by precedence.
    public let configuration: Configuration
    /// Folders and buckets.
    public let storage: StorageAccess
    /// How to run.
    public let options: RunOptions
    /// A folder for unfinished files that go elsewhere.
    public let workFolder: String
    /// When Slurm will end the job, in seconds since 1970, where it tells.
    public let jobEnd: Double?
    /// For what the user should know of how settings were understood.
    public let log: Logger
}

extension CommonOptions {
    /// Runs a tool's work: sets up the log, cancels the work on SIGINT or SIGTERM, prints one line for an error,
    /// and ends the process with the status that the contract gives.
    ///
    /// - Parameters:
    ///   - tool: The tool's name, which labels its log.
    ///   - settings: Builds the job's settings from options and configuration.
    ///   - work: Calls the job.
    public func run<Settings: Sendable>(
        _ tool: String,
        settings: (ToolContext) throws -> Settings,
        work: @escaping @Sendable (Settings, Logger) async throws -> JobOutcome
    ) async -> Never {
        let log = logger(tool)
        let status: ExitStatus
        do {
            let settings = try settings(context(log))
            let task = Task { try await work(settings, log) }
            let signals = SignalCancellation(task)
            let result = await task.result
            ToolEnding.record(result, signal: signals.received, in: outcomeFile, log: log)
            status = ToolEnding.status(of: result, signal: signals.received, log: log)
        } catch {
            ToolEnding.record(.failure(error), signal: 0, in: outcomeFile, log: log)
            status = ToolEnding.status(of: .failure(error), signal: 0, log: log)
        }
        // Not `exit`: the job's last threads may be ending, and what OpenSSL does at exit walks through their memory.
        fflush(nil)
        _exit(status.rawValue)
    }

    private func logger(_ tool: String) -> Logger {
        var log = Logger(label: tool) { [logFormat] _ in StandardErrorLogHandler(level: .info, format: logFormat) }
        log.logLevel = quiet ? .warning : verbose ? .debug : .info
        return log
    }

    private func context(_ log: Logger) throws -> ToolContext {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try Configuration(environment: environment, envFile: envFile)
        for line in configuration.summary() { log.debug("\(line)") }
        return ToolContext(
            configuration: configuration,
            storage: StorageAccess(configuration, environment: environment, log: log),
            options: RunOptions(
                jobs: jobs ?? ProcessorCount.granted,
                dryRun: dryRun,
                progress: quiet ? .hidden : .automatic
            ),
            workFolder: environment["TMPDIR"] ?? "/tmp",
            jobEnd: environment["SLURM_JOB_END_TIME"].flatMap { Double($0) },
            log: log
        )
    }
}

/// Cancels a task on the first SIGINT or SIGTERM; a second one ends the process at once.
private final class SignalCancellation {
    private final class First: Sendable {
        let number = Atomic<Int32>(0)
    }

    private var sources: [any DispatchSourceSignal] = []
    private let first = First()

    /// The signal that came, or 0.
    var received: Int32 { first.number.load(ordering: .relaxed) }

    init(_ task: Task<JobOutcome, any Error>) {
        // Writing to a closed pipe must be an error that names the path, not a silent death.
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [first] in
                if first.number.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
                task.cancel()
            }
            source.resume()
            sources.append(source)
        }
    }
}
