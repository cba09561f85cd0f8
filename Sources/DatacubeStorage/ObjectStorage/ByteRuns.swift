/// Neighbouring ranges of bytes that are read at once.
struct ByteRun: Sendable, Equatable {
    /// From the first byte of the first range to the last byte of the last.
    var range: Range<Int>
    /// Which of the ranges it joins: positions in the list that was given.
    var members: Range<Int>

    /// Joins ranges between which at most `gap` bytes lie, into runs of at most `limit` bytes where there are several.
    ///
    /// The ranges must ascend by where they begin.
    static func joining(_ ranges: [Range<Int>], gap: Int, limit: Int = .max) -> [ByteRun] {
        var runs: [ByteRun] = []
        for (position, range) in ranges.enumerated() {
            if let last = runs.last, range.lowerBound - last.range.upperBound <= gap,
                range.upperBound - last.range.lowerBound <= limit
            {
                runs[runs.count - 1].range = last.range.lowerBound..<max(last.range.upperBound, range.upperBound)
                runs[runs.count - 1].members = last.members.lowerBound..<(position + 1)
            } else {
                runs.append(ByteRun(range: range, members: position..<(position + 1)))
            }
        }
        return runs
    }
}
