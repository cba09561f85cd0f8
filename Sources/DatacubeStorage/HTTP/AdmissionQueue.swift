/// Requests in flight and waiting, so that neither one server nor all together get more than they should.
///
/// First come, first served; a request whose server is busy lets later ones for other servers pass.
struct AdmissionQueue<Element> {
    let limits: ConnectionLimits
    private var waiting: [(origin: HTTPOrigin, element: Element)] = []
    private var inFlight: [HTTPOrigin: Int] = [:]
    private var windows: [HTTPOrigin: RequestWindow] = [:]
    private var total = 0

    init(limits: ConnectionLimits) { self.limits = limits }

    mutating func append(_ element: Element, to origin: HTTPOrigin) { waiting.append((origin, element)) }

    /// The next one that may start; it counts as in flight from now on.
    mutating func admit() -> Element? {
        guard total < limits.total,
            let index = waiting.firstIndex(where: { inFlight[$0.origin, default: 0] < window($0.origin).limit })
        else { return nil }
        let next = waiting.remove(at: index)
        inFlight[next.origin, default: 0] += 1
        total += 1
        return next.element
    }

    /// One in flight has ended.
    mutating func release(_ origin: HTTPOrigin) {
        inFlight[origin, default: 1] -= 1
        total -= 1
    }

    /// What became of one, from which the number of requests in flight follows.
    ///
    /// - Returns: Seconds until an answer of that server begins, as far as that is known.
    @discardableResult
    mutating func learn(from answer: RequestWindow.Answer, of origin: HTTPOrigin) -> Double? {
        var known = window(origin)
        known.learn(from: answer)
        windows[origin] = known
        return known.delay
    }

    private func window(_ origin: HTTPOrigin) -> RequestWindow {
        windows[origin] ?? RequestWindow(least: limits.leastPerHost, most: limits.perHost)
    }

    /// Takes waiting ones out.
    mutating func remove(where shouldRemove: (Element) -> Bool) -> [Element] {
        let removed = waiting.filter { shouldRemove($0.element) }.map(\.element)
        waiting.removeAll { shouldRemove($0.element) }
        return removed
    }
}

/// How many connections may be open at a time.
public struct ConnectionLimits: Sendable, Equatable {
    /// To all servers together.
    public let total: Int
    /// To one server.
    public let perHost: Int
    /// To one server that is near: a distant one gets more, up to ``perHost``.
    public let leastPerHost: Int

    /// Creates limits of at least one.
    public init(total: Int, perHost: Int? = nil, leastPerHost: Int? = nil) {
        self.total = max(1, total)
        self.perHost = max(1, min(perHost ?? total, total))
        self.leastPerHost = max(1, min(leastPerHost ?? self.perHost, self.perHost))
    }
}
