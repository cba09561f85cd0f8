/// A moment in microseconds since 1970, UTC without leap seconds, with the spellings that Sentinel-2 uses.
struct UTCTime: Sendable, Hashable, Comparable {
    var microseconds: Int

    static let day = 86_400_000_000
    static let second = 1_000_000

    init(microseconds: Int) { self.microseconds = microseconds }

    /// Midnight of a day of the proleptic Gregorian calendar.
    init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.microseconds = (era * 146_097 + dayOfEra - 719_468) * UTCTime.day
    }

    /// Year, month and day.
    var date: (year: Int, month: Int, day: Int) {
        let days = Int((Double(microseconds) / Double(UTCTime.day)).rounded(.down)) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Days since the first of January of the same year, 0 to 365.
    var dayOfYear: Int { (microseconds - UTCTime(year: date.year, month: 1, day: 1).microseconds) / UTCTime.day }

    private var withinDay: Int {
        microseconds - UTCTime(year: date.year, month: date.month, day: date.day).microseconds
    }

    /// Hours since midnight.
    var hours: Double { Double(withinDay) / 3.6e9 }

    /// `2024/06/11`, as in the keys of the object store.
    var folder: String { "\(date.year)/\(two(date.month))/\(two(date.day))" }

    /// `20240611T095031`, as in product names; cut, not rounded.
    var compact: String { "\(date.year)\(two(date.month))\(two(date.day))T" + clock(":").filter { $0 != ":" } }

    /// `2024-06-11T09:50:31.024Z` with as many decimals of a second as asked for; cut, not rounded.
    func iso(decimals: Int) -> String {
        var fraction = String(withinDay % UTCTime.second)
        while fraction.count < 6 { fraction = "0" + fraction }
        let decimal = decimals > 0 ? "." + fraction.prefix(decimals) : ""
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(clock(":"))\(decimal)Z"
    }

    private func clock(_ separator: String) -> String {
        let seconds = withinDay / UTCTime.second
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map(two).joined(separator: separator)
    }

    static func + (time: UTCTime, microseconds: Int) -> UTCTime {
        UTCTime(microseconds: time.microseconds + microseconds)
    }

    static func < (one: UTCTime, other: UTCTime) -> Bool { one.microseconds < other.microseconds }
}

private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
