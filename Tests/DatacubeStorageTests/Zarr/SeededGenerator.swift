/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Values that compress, with some noise: what pixels look like.
    mutating func pixels(_ count: Int) -> [UInt16] {
        (0..<count).map { index in UInt16(truncatingIfNeeded: 1000 + index / 7 + Int(next() % 60)) }
    }

    /// A region of the shape, never empty.
    mutating func region(of shape: [Int]) -> [Range<Int>] {
        shape.map { length in
            let start = Int.random(in: 0..<length, using: &self)
            return start..<Int.random(in: start + 1...length, using: &self)
        }
    }
}

/// The elements of a region of a C-order array, one by one.
func slice<Element>(_ values: [Element], shape: [Int], region: [Range<Int>]) -> [Element] {
    var offsets = [0]
    for (axis, range) in region.enumerated() {
        offsets = offsets.flatMap { offset in range.map { offset * shape[axis] + $0 } }
    }
    return offsets.map { values[$0] }
}
