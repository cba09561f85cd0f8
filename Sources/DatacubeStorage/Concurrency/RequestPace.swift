import Synchronization

/// Spreads requests over time, so that no minute has more of them than a quota allows.
final class RequestPace: Sendable {
    private let interval: Double
    private let next = Mutex(-Double.infinity)

    init(perMinute: Int) { interval = 60 / Double(max(1, perMinute)) }

    /// How many seconds to wait before a request may be sent; its turn is taken.
    func takeTurn(now: Double = SystemClock.seconds()) -> Double {
        next.withLock { next in
            let turn = max(now, next)
            next = turn + interval
            return turn - now
        }
    }
}
