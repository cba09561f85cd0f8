extension Timestamp: CustomStringConvertible {
    /// `2024-06-11T09:50:31.024Z`.
    public var description: String { iso(decimals: 3) }

    /// `2024-06-11T09:50:31.024Z` with as many decimals of a second, up to six, as asked for; cut, not rounded.
    func iso(decimals: Int) -> String {
        let fraction = (microsecondOfDay % Self.microsecondsOfSecond).padded(to: 6)
        let decimal = decimals > 0 ? "." + fraction.prefix(decimals) : ""
        return "\(day(separator: "-"))T\(clock(separator: ":"))\(decimal)Z"
    }

    /// `2024/06/11`, as in the keys of the object store.
    var folder: String { day(separator: "/") }

    /// `20240611T095031`, as in product names; cut, not rounded.
    var compact: String { "\(day(separator: ""))T\(clock(separator: ""))" }

    private func day(separator: String) -> String {
        let date = date
        return [date.year.padded(to: 4), date.month.padded(to: 2), date.day.padded(to: 2)].joined(separator: separator)
    }

    private func clock(separator: String) -> String {
        let seconds = microsecondOfDay / Self.microsecondsOfSecond
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0.padded(to: 2) }.joined(separator: separator)
    }

    /// Reads `2024-06-11T09:50:31.024Z`; digits beyond the microsecond are cut off, the `Z` may be absent.
    public init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            return Int(digits: bytes[range])
        }
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A,
            bytes[16] == 0x3A,
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60,
            let fraction = Self.fraction(bytes[19...])
        else { return nil }
        let seconds = (hour * 60 + minute) * 60 + second
        self = Timestamp(year: year, month: month, day: day) + (seconds * Self.microsecondsOfSecond + fraction)
    }

    /// Microseconds of what follows the seconds: nothing, or a point and digits, and `Z` or not; nil for anything else.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int? {
        var rest = text
        if rest.last == 0x5A { rest.removeLast() }
        guard rest.first == 0x2E else { return rest.isEmpty ? 0 : nil }
        let digits = rest.dropFirst()
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits: digits.prefix(6) + [UInt8](repeating: 0x30, count: max(0, 6 - digits.count)))
    }
}
