/// Numbers as people read them in logs, tables and reports.
extension Double {
    /// The value with exactly `digits` decimals, rounded half away from zero, with no grouping.
    public func fixed(_ digits: Int) -> String {
        guard isFinite else { return isNaN ? "nan" : (self < 0 ? "-inf" : "inf") }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 9e18 else { return String(self) }
        let text = UInt64(scaled).padded(to: digits + 1)
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + text }
        let point = text.index(text.endIndex, offsetBy: -digits)
        return sign + text[..<point] + "." + text[point...]
    }

    /// The value with `digits` significant digits, for tables: `0.0123`, `1.23`, `123`.
    public func significant(_ digits: Int) -> String {
        guard self != 0, isFinite else { return fixed(0) }
        var decimals = digits - 1
        var bound = 1.0
        while magnitude >= bound * 10, decimals > 0 {
            decimals -= 1
            bound *= 10
        }
        while magnitude < bound, decimals < 12 {
            decimals += 1
            bound /= 10
        }
        // Rounding may give it a digit more, as 9.999 becomes 10.00.
        let isRoundedUp = Double(fixed(decimals)).map { $0.magnitude >= bound * 10 } ?? false
        return fixed(isRoundedUp && decimals > 0 ? decimals - 1 : decimals)
    }
}

/// A number of bytes in binary units, as `du -h` prints them: `1.50 GiB`.
public func formatBytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    // 1023.5 and more would be rounded up to 1024.
    while value.magnitude >= (unit == 0 ? 1024 : 1023.5), unit < units.count - 1 {
        value /= 1024
        unit += 1
    }
    return unit == 0 ? "\(count) B" : "\(value.significant(3)) \(units[unit])"
}

/// A duration in seconds as people say it: `0.420 s`, `12.3 s`, `4 min 05 s`, `2 h 03 min`.
public func formatSeconds(_ seconds: Double) -> String {
    // Beyond thirty thousand years it is no duration of ours.
    guard seconds >= 60, seconds < 1e12 else { return "\(seconds.significant(3)) s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \((whole % 60).padded(to: 2)) s" }
    return "\(whole / 3600) h \((whole % 3600 / 60).padded(to: 2)) min"
}

/// What was moved in which time: `1.20 GiB in 4.50 s (273 MiB/s)`.
func formatTransfer(_ bytes: Int, seconds: Double) -> String {
    // What comes in no time at all has no rate that says anything; it is told as that of a nanosecond.
    let rate = formatBytes(Int(exactly: (Double(bytes) / max(seconds, 1e-9)).rounded()) ?? .max)
    return "\(formatBytes(bytes)) in \(formatSeconds(seconds)) (\(rate)/s)"
}
