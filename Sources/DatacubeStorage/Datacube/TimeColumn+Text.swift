extension TimeColumn {
    // Milliseconds of the years that a time's text has room for.
    private static let times: Range<Int64> = 0..<253_402_300_800_000

    /// The variable's value of one date in words; they differ wherever values differ.
    func text(of step: TimeStep) -> String {
        switch values {
        case .text(let path): step[keyPath: path]
        // All of them are times.
        case .int64(let path): Self.timeText(step[keyPath: path])
        case .int32(let path): "\(step[keyPath: path])"
        case .float64(let path): "\(step[keyPath: path])"
        case .int32PerBand(let path): Self.list(step[keyPath: path])
        case .float64PerBand(let path): Self.list(step[keyPath: path])
        }
    }

    private static func timeText(_ milliseconds: Int64) -> String {
        times.contains(milliseconds) ? Timestamp(milliseconds: milliseconds).description : "\(milliseconds) ms"
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map { "\($0)" }.joined(separator: " ")
    }
}
