/// How many requests to one server are worth having in flight, found from how long the link takes to answer.
///
/// A link is full when as much is under way as it moves during a round trip (bandwidth × delay). A request's own share of that
/// is what it brings, so distant servers and small answers need more of them. The rate is that of a fast network: on a slower
/// one the requests beyond what fills it wait for each other, which costs nothing but their memory.
struct RequestWindow {
    /// What became of a request.
    struct Answer {
        /// Seconds from the last byte sent to the first byte of the answer; nil where none came.
        var delay: Double?
        /// Of bodies, in both directions.
        var bytes = 0
        /// The server said that it has too much to do: 503 or 429.
        var isRefusal = false
    }

    /// Bytes a second: 10 Gbit/s, what the nodes of clusters have.
    private static let lineRate = 1.25e9
    /// Twice of what fills the link, for answers do not come evenly.
    private static let reserve = 2.0
    /// The weight of an answer in the mean of their bytes: of the last thirty or so.
    private static let weight = 1.0 / 32
    /// Answers after which a link may have become slower or faster.
    private static let memory = 4096

    private let least: Int
    private let most: Int
    private var shortest = (now: Double.infinity, before: Double.infinity)
    private var seen = 0
    private var meanBytes = 0.0
    /// What refusals leave of the window; each answer gives a little back.
    private var allowance: Double
    /// Answers to requests that were in flight at the last halving, and say nothing of what is in flight since.
    private var stale = 0

    /// - Parameters:
    ///   - least: What is in flight at any server, however near: so that each of its disks has something to do.
    ///   - most: What is never exceeded.
    init(least: Int, most: Int) {
        self.least = min(least, most)
        self.most = most
        allowance = Double(most)
    }

    /// Seconds until an answer begins where nothing else is in the way; nil where none has come yet.
    var delay: Double? {
        let delay = min(shortest.now, shortest.before)
        return delay.isFinite ? delay : nil
    }

    /// Requests that may be in flight.
    var limit: Int {
        let filling = meanBytes > 0 ? Self.reserve * Self.lineRate * (delay ?? 0) / meanBytes : 0
        let wanted = max(Double(least), min(filling, Double(most)))
        return max(1, Int(min(wanted, allowance)))
    }

    /// Learns from an answer.
    mutating func learn(from answer: Answer) {
        let isStale = stale > 0
        stale = max(0, stale - 1)
        if answer.isRefusal {
            if !isStale {
                stale = limit - 1
                allowance = max(1, Double(limit) / 2)
            }
            return
        }
        // One more for each window of answers that were none.
        allowance = min(Double(most), allowance + 1 / allowance)
        guard let delay = answer.delay, delay > 0 else { return }
        seen += 1
        if seen % Self.memory == 0 { shortest = (.infinity, shortest.now) }
        shortest.now = min(shortest.now, delay)
        meanBytes += (Double(answer.bytes) - meanBytes) * (meanBytes == 0 ? 1 : Self.weight)
    }
}
