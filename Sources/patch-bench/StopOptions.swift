import ArgumentParser
import DatacubeStorage
import ToolCommandLine

/// When a run has measured enough.
struct StopOptions: ParsableArguments {
    @Option(name: bothSpellings("num_repeats"), help: "Rounds that count; one warm-up comes before. (default: 10)")
    var numRepeats: Int?
    @Option(name: bothSpellings("time_budget"), help: "Seconds after which no further round begins.")
    var timeBudget: Double?
    @Option(help: "Go on until the ratios' 95 % intervals are so narrow to either side, as 5%; at least 10 rounds.")
    var precision: Share?

    func validate() throws {
        if let numRepeats, numRepeats < 1 { throw ValidationError("--num_repeats must be at least 1") }
        if let timeBudget, !(timeBudget > 0) { throw ValidationError("--time_budget must be more than 0 seconds") }
    }

    var rule: StopRule { StopRule(rounds: numRepeats, seconds: timeBudget, precision: precision?.value) }
}

/// A share, written as `5%` or `0.05`.
struct Share: ExpressibleByArgument {
    let value: Double

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(isPercent ? String(argument.dropLast()) : argument), number > 0,
            number < (isPercent ? 100 : 1)
        else { return nil }
        value = isPercent ? number / 100 : number
    }
}

/// Who loads, and for whom.
struct LoadOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: "Patches loaded at once; of several numbers the first is that of the results, all make the curve."
    )
    var workers = [1]
    @Option(help: "Threads of each worker (default: --jobs divided among the workers).") var threads: Int?
    @Option(name: bothSpellings("step_ms"), help: "Simulate training that works so many milliseconds on each patch.")
    var stepMilliseconds: Double?
    @Option(help: "Patches that each worker loads ahead for --step_ms.") var prefetch = 2

    func validate() throws {
        if (workers + [threads ?? 1, prefetch]).contains(where: { $0 < 1 }) {
            throw ValidationError("--workers, --threads and --prefetch must be at least 1")
        }
        if let stepMilliseconds, !(stepMilliseconds > 0 && stepMilliseconds < 1e9) {
            throw ValidationError("--step_ms must be more than 0 milliseconds")
        }
    }

    /// Threads of each worker, where the workers share the processors.
    func threads(_ jobs: Int) -> Int { threads ?? max(1, jobs / (workers.max() ?? 1)) }

    var consumer: BenchmarkJob.Consumer? {
        stepMilliseconds.map { BenchmarkJob.Consumer(step: $0 / 1000, prefetch: prefetch) }
    }
}
