import CSystem
import Glibc
import Logging

/// The tile-years that a program of another language has open, and the calls that it waits for, by number: a number that
/// means nothing is an error, where a pointer would be a crash.
///
/// A process that was forked inherits the numbers. What it uses of them is opened anew, since threads, connections and locks
/// belong to the process that made them; what belongs to the other process is never touched again, nor freed.
@safe public final class OpenTileYears: @unchecked Sendable {
    // Sound: the fields are touched only between lock and unlock of `gate`, which lives as long as the process. It is no
    // `Mutex`, since a fork takes place while it is locked.
    private let gate: UnsafeMutableRawPointer
    private var cubes: [Int64: Entry] = [:]
    private var calls: [Int64: (process: pid_t, call: ForeignCall<Int64>)] = [:]
    private var last: Int64 = 0

    private struct Entry {
        let place: TileYearPlace
        let environment: [String: String]
        var process: pid_t
        var cube: OpenTileYear
    }

    /// Those of the process.
    public static let shared = OpenTileYears()

    private init() {
        unsafe gate = system_gate_create()
        _ = pthread_atfork({ OpenTileYears.shared.beforeFork() }, { OpenTileYears.shared.afterFork() }) {
            OpenTileYears.shared.afterForkInChild()
        }
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        unsafe system_gate_lock(gate)
        defer { unsafe system_gate_unlock(gate) }
        return try body()
    }

    private func number() -> Int64 {
        last += 1
        return last
    }
}

// MARK: - Calls

extension OpenTileYears {
    /// Begins to open a tile-year; the call's result is its number.
    public func startOpening(_ place: TileYearPlace, environment: [String: String]) throws -> Int64 {
        try start { [self] in
            let cube = try await OpenTileYear(place, environment: environment, log: .library)
            return locked {
                let number = number()
                cubes[number] = Entry(place: place, environment: environment, process: getpid(), cube: cube)
                return number
            }
        }
    }

    /// Begins to read windows of an open tile-year.
    ///
    /// - Throws: `configuration` where it is not open.
    public func startReading(_ requests: [WindowRequest], of number: Int64) throws -> Int64 {
        _ = try entry(number)
        return try start { [self] in
            try await opened(number).read(requests)
            return 0
        }
    }

    private func start(_ work: @escaping @Sendable () async throws -> Int64) throws -> Int64 {
        let call = try ForeignCall(work)
        return locked {
            let number = number()
            calls[number] = (getpid(), call)
            return number
        }
    }

    /// What a call came to, after which its number means nothing; nil where it has not ended within so many seconds.
    ///
    /// - Throws: What the call threw, or `configuration` where there is no such call.
    public func result(of number: Int64, within seconds: Double) throws -> Int64? {
        let found = try call(number)
        guard let outcome = found.outcome(within: seconds) else { return nil }
        locked { calls[number] = nil }
        return try outcome.get()
    }

    /// Ends a call as soon as what runs of it has ended; its result has to be waited for all the same.
    public func cancel(_ number: Int64) throws { try call(number).cancel() }

    private func call(_ number: Int64) throws -> ForeignCall<Int64> {
        let found = locked { calls[number] }
        guard let found else { throw PipelineError(.configuration, "there is no call \(number) to wait for") }
        guard found.process == getpid() else {
            throw PipelineError(.configuration, "call \(number) was begun before the process was forked")
        }
        return found.call
    }
}

// MARK: - Tile-years

extension OpenTileYears {
    private func entry(_ number: Int64) throws -> Entry {
        if let entry = locked({ cubes[number] }) { return entry }
        throw PipelineError(.configuration, "cube \(number) is not open; open it first")
    }

    /// What is open under a number, opened anew where the process is not the one that opened it.
    private func opened(_ number: Int64) async throws -> OpenTileYear {
        let entry = try entry(number)
        guard entry.process != getpid() else { return entry.cube }
        let cube = try await OpenTileYear(entry.place, environment: entry.environment, log: .library)
        guard cube.identifiers == entry.cube.identifiers else {
            let change = "it has other dates now than when it was opened"
            throw PipelineError(.mismatch, "\(entry.place.tile)/\(entry.place.year): \(change); open it again")
        }
        return locked {
            guard let known = cubes[number], known.process != getpid() else { return cubes[number]?.cube ?? cube }
            abandon(known.cube)
            cubes[number]?.cube = cube
            cubes[number]?.process = getpid()
            return cube
        }
    }

    /// What is open under a number, for what needs no pixels.
    func cube(_ number: Int64) throws -> OpenTileYear { try entry(number).cube }

    /// What there is, as JSON; see ``OpenTileYear/description()``.
    public func description(of number: Int64) throws -> String { try cube(number).description().serialized() }

    /// Forgets a tile-year; reads of it that have begun go on to their end.
    ///
    /// - Throws: `configuration` where it is not open.
    public func close(_ number: Int64) throws {
        _ = try entry(number)
        let entry = locked { cubes.removeValue(forKey: number) }
        if let entry, entry.process != getpid() { abandon(entry.cube) }
    }

    // Freeing it would wait for threads and close connections of another process.
    private func abandon(_ cube: OpenTileYear) { _ = unsafe Unmanaged.passRetained(cube) }
}

// MARK: - Forks

extension OpenTileYears {
    // Seconds, of all tile-years together: a piece of work takes some milliseconds.
    private static let patience = 0.1

    private func beforeFork() {
        unsafe system_gate_lock(gate)
        let own = cubes.values.filter { $0.process == getpid() }.map(\.cube)
        // What takes longer waits for a disk or a network, where no thread holds a lock.
        OpenTileYear.pause(own, seconds: Self.patience)
    }

    private func afterFork() {
        for entry in cubes.values where entry.process == getpid() { entry.cube.resume() }
        unsafe system_gate_unlock(gate)
    }

    private func afterForkInChild() { unsafe system_gate_unlock(gate) }
}

extension Logger {
    /// Warnings only: what a program prints is its own affair.
    fileprivate static var library: Logger {
        var log = Logger(label: "datacube") { _ in StandardErrorLogHandler(level: .warning, format: .text) }
        log.logLevel = .warning
        return log
    }
}
