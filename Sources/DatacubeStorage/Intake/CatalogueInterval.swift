/// A time span whose end is not part of it: what one question to the catalogue covers.
public struct CatalogueInterval: Sendable, Hashable {
    private static let dayMilliseconds: Int64 = 86_400_000
    // Products usually appear within a day; after outages of the ground segment it took about a week.
    private static let settlingDays: Int64 = 10

    /// Its first moment.
    public let start: Timestamp
    /// The first moment after it.
    public let end: Timestamp

    /// Creates a span.
    ///
    /// - Throws: `configuration` when it does not end after its start.
    public init(from start: Timestamp, until end: Timestamp) throws(PipelineError) {
        guard start < end else {
            throw PipelineError(.configuration, "the time span from \(start) until \(end) is empty")
        }
        self.start = start
        self.end = end
    }

    private init(day start: Timestamp) {
        self.start = start
        end = Timestamp(milliseconds: start.milliseconds + Self.dayMilliseconds)
    }

    /// The UTC days of some years that have begun by `now`, earliest first.
    public static func days(of years: Range<Int>, now: Timestamp = .now()) -> [CatalogueInterval] {
        let first = Timestamp(year: years.lowerBound, month: 1, day: 1).microseconds / 1000
        let end = Timestamp(year: years.upperBound, month: 1, day: 1).microseconds / 1000
        return stride(from: Int64(first), to: Int64(end), by: Int64.Stride(dayMilliseconds))
            .map { CatalogueInterval(day: Timestamp(milliseconds: $0)) }
            .filter { $0.start <= now }
    }

    /// `2024-02-21`, for a span of one day.
    var day: String { String("\(start)".prefix(10)) }

    /// Whether so much time has passed that no further products are to be expected.
    func isSettled(_ now: Timestamp) -> Bool {
        now.milliseconds - end.milliseconds >= Self.settlingDays * Self.dayMilliseconds
    }
}
