public import Logging
import Synchronization

/// Tells how far a long job is: a bar on a terminal, a log line now and then elsewhere.
///
/// Nothing is shown in the first two seconds, so short jobs stay quiet. Advance it from any thread.
public final class Progress: Sendable {
    /// How a job's progress is shown.
    public enum Style: Sendable {
        /// Nothing (`--quiet`).
        case hidden
        /// A bar on standard error, redrawn in place.
        case bar
        /// A log line at most every given number of seconds.
        case lines(every: Double)

        /// A bar for a person, a line every 30 s for a log file: about a thousand lines in a nine-hour job.
        public static var automatic: Style { StandardError.isTerminal ? .bar : .lines(every: 30) }
    }

    private struct State {
        var done = 0
        var total: Int
        var lastShown: Double
        var drawn = false
    }

    private static let quietSeconds = 2.0
    private let title: String
    private let unit: Unit
    private let style: Style
    private let log: Logger
    private let start = SystemClock.seconds()
    private let state: Mutex<State>

    /// What is counted.
    public enum Unit: Sendable {
        /// Files, products, samples: printed as they are, with their name.
        case items(String)
        /// Bytes, printed in binary units.
        case bytes
        /// Pixels, printed in millions.
        case pixels
    }

    /// Starts the clock of a job of `total` units.
    public init(_ title: String, total: Int, unit: Unit, style: Style, log: Logger) {
        self.title = title
        self.unit = unit
        self.style = style
        self.log = log
        self.state = Mutex(State(total: total, lastShown: start))
    }

    /// Adds units to the total, for jobs that learn on the way what there is to do.
    public func expect(_ count: Int) { state.withLock { $0.total += count } }

    /// Adds finished units and shows them if it is time to.
    public func advance(by count: Int) {
        let now = SystemClock.seconds()
        let line: String? = state.withLock { state in
            state.done += count
            guard isDue(now, since: state.lastShown) else { return nil }
            state.lastShown = now
            state.drawn = true
            return text(done: state.done, of: Swift.max(state.total, 1), elapsed: now - start)
        }
        if let line { show(line) }
    }

    /// Ends the job: the bar's line is closed.
    public func finish() {
        let drawn = state.withLock { $0.drawn }
        if case .bar = style, drawn { StandardError.write("\r\u{1B}[K") }
    }

    private func isDue(_ now: Double, since last: Double) -> Bool {
        guard now - start >= Self.quietSeconds else { return false }
        switch style {
        case .hidden: return false
        case .bar: return now - last >= 0.2
        case .lines(let interval): return now - last >= (last == start ? Self.quietSeconds : interval)
        }
    }

    private func show(_ line: String) {
        switch style {
        case .hidden: break
        case .bar: StandardError.write("\r\u{1B}[K" + line)
        case .lines: log.info("\(line)")
        }
    }

    private func text(done: Int, of total: Int, elapsed: Double) -> String {
        let share = Double(done) / Double(total)
        let left = share > 0 && share <= 1 ? ", \(formatSeconds(elapsed / share - elapsed)) left" : ""
        let counts = counts(done, of: total)
        guard case .bar = style else { return "\(title): \((share * 100).fixed(0)) %, \(counts)\(left)" }
        let filled = Int((share * 30).rounded(.down)).clamped(to: 0...30)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        return "\(title) [\(bar)] \((share * 100).fixed(0)) % \(counts)\(left)"
    }

    private func counts(_ done: Int, of total: Int) -> String {
        switch unit {
        case .items(let name): "\(done) of \(total) \(name)"
        case .bytes: "\(formatBytes(done)) of \(formatBytes(total))"
        case .pixels: "\((Double(done) / 1e6).fixed(0)) of \((Double(total) / 1e6).fixed(0)) Mpixel"
        }
    }
}

extension Comparable {
    /// The nearest value within the range.
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
