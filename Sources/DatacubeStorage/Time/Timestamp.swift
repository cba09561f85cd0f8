/// A moment in microseconds since 1970-01-01T00:00:00Z, UTC without leap seconds.
///
/// Its text is that of the metadata and of the Zarr `time` coordinate, to the millisecond: `2024-06-11T09:50:31.024Z`.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since 1970.
    public let microseconds: Int

    static let microsecondsOfSecond = 1_000_000
    static let microsecondsOfDay = 86_400 * microsecondsOfSecond

    /// Wraps a count of microseconds.
    public init(microseconds: Int) { self.microseconds = microseconds }

    /// Wraps a count of milliseconds, of at most some hundred thousand years.
    public init(milliseconds: Int64) { microseconds = Int(milliseconds) * 1000 }

    /// Midnight of a day.
    init(year: Int, month: Int, day: Int) {
        let date = CalendarDate(year: year, month: month, day: day)
        microseconds = date.daysSince1970 * Self.microsecondsOfDay
    }

    /// The time of this machine's clock.
    public static func now() -> Timestamp { Timestamp(microseconds: Int(SystemClock.sinceEpoch() * 1e6)) }

    /// Whole milliseconds since 1970, rounded towards the past.
    public var milliseconds: Int64 { Int64(microseconds - (microseconds % 1000 + 1000) % 1000) / 1000 }

    /// Year, month and day.
    var date: CalendarDate { CalendarDate(daysSince1970: daysSince1970) }

    /// Days since the first of January of the same year, 0 to 365.
    var dayOfYear: Int { daysSince1970 - CalendarDate(year: date.year, month: 1, day: 1).daysSince1970 }

    /// Hours since midnight.
    var hours: Double { Double(microsecondOfDay) / 3.6e9 }

    private var daysSince1970: Int {
        let days = microseconds / Self.microsecondsOfDay
        return days * Self.microsecondsOfDay > microseconds ? days - 1 : days
    }

    /// Microseconds since midnight.
    var microsecondOfDay: Int { microseconds - daysSince1970 * Self.microsecondsOfDay }

    static func + (time: Timestamp, microseconds: Int) -> Timestamp {
        Timestamp(microseconds: time.microseconds + microseconds)
    }

    /// Earlier first.
    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.microseconds < other.microseconds }
}
