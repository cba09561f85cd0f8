// https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats

extension Timestamp {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Mon, 23 Nov 2026 23:16:33 GMT`, the only form that HTTP servers may send.
    init?(httpDate text: String) {
        let words = text.split(whereSeparator: { " :,".contains($0) })
        guard words.count == 8, words[7] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = Self.months.firstIndex(of: String(words[2])), (1...31).contains(day),
            (1970...9999).contains(year)
        else { return nil }
        let clock = words[4...6].compactMap { Int($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let seconds = (clock[0] * 60 + clock[1]) * 60 + clock[2]
        self = Timestamp(year: year, month: month + 1, day: day) + seconds * Self.microsecondsOfSecond
    }
}
