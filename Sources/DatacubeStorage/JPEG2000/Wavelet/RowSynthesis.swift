/// The inverse transform of one row, T.800, F.3.6 and F.3.8.2.
///
/// Each loop is over arrays without branches, for which the compiler uses vector instructions.
@safe struct RowSynthesis: ~Copyable {
    private let axis: SynthesisAxis
    /// High coefficients around every low one, mirrored at the ends; the first is that before `axis.low`.
    private let high: UnsafeMutablePointer<Int32>
    /// Even samples of `axis.mirroredLow`.
    private let even: UnsafeMutablePointer<Int32>

    init(_ axis: SynthesisAxis) {
        self.axis = axis
        unsafe high = .allocate(capacity: axis.low.count + 1)
        unsafe even = .allocate(capacity: axis.mirroredLow.count)
    }

    deinit {
        unsafe high.deallocate()
        unsafe even.deallocate()
    }

    /// Makes a row.
    ///
    /// - Parameters:
    ///   - low: Coefficients of `axis.low`.
    ///   - high: Coefficients of `axis.high`.
    ///   - row: Gets the samples of `axis.part`.
    func combine(
        _ low: UnsafePointer<Int32>,
        high: UnsafePointer<Int32>,
        into row: UnsafeMutablePointer<Int32>
    ) {
        guard !axis.part.isEmpty else { return }
        if axis.isSingle {
            unsafe row[0] = axis.part.lowerBound & 1 == 0 ? low[0] : high[0] >> 1
            return
        }
        unsafe mirror(high)
        unsafe makeEven(low)
        unsafe interleave(high, row: row)
    }

    private func mirror(_ source: UnsafePointer<Int32>) {
        let first = axis.low.lowerBound - 1
        let inside = (first..<axis.low.upperBound).clamped(to: axis.high)
        guard !inside.isEmpty else { return }
        unsafe (high + (inside.lowerBound - first)).update(
            from: source + (inside.lowerBound - axis.high.lowerBound),
            count: inside.count
        )
        let last = axis.low.upperBound - 1
        unsafe high[0] = unsafe source[axis.highIndex(first) - axis.high.lowerBound]
        unsafe high[last - first] = unsafe source[axis.highIndex(last) - axis.high.lowerBound]
    }

    /// F-5, and the even samples beyond the ends.
    private func makeEven(_ low: UnsafePointer<Int32>) {
        let count = axis.low.count
        let target = unsafe even + (axis.low.lowerBound - axis.mirroredLow.lowerBound)
        for n in 0..<count {
            unsafe target[n] = low[n] &- (high[n] &+ high[n + 1] &+ 2) >> 2
        }
        if axis.mirroredLow.lowerBound < axis.low.lowerBound { unsafe even[0] = unsafe even[1] }
        if axis.mirroredLow.upperBound >= axis.low.upperBound { unsafe target[count] = unsafe target[count - 1] }
    }

    /// F-6, and both kinds of samples in turn.
    private func interleave(_ high: UnsafePointer<Int32>, row: UnsafeMutablePointer<Int32>) {
        let part = axis.part
        var (row, even) = unsafe (row, UnsafePointer(even))
        var odd = unsafe high + ((part.lowerBound >> 1) - axis.high.lowerBound)
        if part.lowerBound & 1 == 1 {
            unsafe row[0] = odd[0] &+ (even[0] &+ even[1]) >> 1
            unsafe (row, even, odd) = unsafe (row + 1, even + 1, odd + 1)
        }
        let pairs = part.upperBound >> 1 - (part.lowerBound + 1) >> 1
        for n in 0..<pairs {
            unsafe row[2 * n] = even[n]
            unsafe row[2 * n + 1] = odd[n] &+ (even[n] &+ even[n + 1]) >> 1
        }
        if part.upperBound & 1 == 1 {
            unsafe row[2 * pairs] = even[pairs]
        }
    }
}
