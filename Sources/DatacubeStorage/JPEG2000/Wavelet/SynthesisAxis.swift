/// What part of an axis one step of the inverse transform makes, and what it needs for that.
///
/// The low coefficient n stands at 2n of the next resolution, the high one at 2n + 1.
struct SynthesisAxis {
    /// The whole axis of the tile at the next resolution: beyond it, samples are mirrored.
    let whole: Range<Int>
    /// What is made of it.
    let part: Range<Int>

    /// Low coefficients of the even samples that lie in the part or next to it.
    var low: Range<Int> {
        let range = part.lowerBound >> 1..<(part.upperBound >> 1) + 1
        return range.clamped(to: (whole.lowerBound + 1) >> 1..<(whole.upperBound + 1) >> 1)
    }

    /// High coefficients that those samples depend on, and of the odd samples of the part.
    var high: Range<Int> {
        let range = (part.lowerBound >> 1) - 1..<(part.upperBound >> 1) + 1
        return range.clamped(to: whole.lowerBound >> 1..<whole.upperBound >> 1)
    }

    /// Of a mirrored axis, the high coefficient that stands for n.
    @inline(__always)
    func highIndex(_ n: Int) -> Int { mirrored(2 * n + 1) >> 1 }

    /// Of a mirrored axis, the even sample that stands for 2n.
    @inline(__always)
    func lowIndex(_ n: Int) -> Int { mirrored(2 * n) >> 1 }

    /// At most one sample beyond an end is ever asked for.
    @inline(__always)
    private func mirrored(_ position: Int) -> Int {
        if position < whole.lowerBound { return 2 * whole.lowerBound - position }
        return position < whole.upperBound ? position : 2 * (whole.upperBound - 1) - position
    }

    /// A single sample is not transformed; an odd one was doubled (F.3.6).
    var isSingle: Bool { whole.count == 1 }

    /// The low coefficients as if the axis had no ends: one more where an odd sample of the part lies at an end.
    var mirroredLow: ClosedRange<Int> { part.lowerBound >> 1...part.upperBound >> 1 }
}
