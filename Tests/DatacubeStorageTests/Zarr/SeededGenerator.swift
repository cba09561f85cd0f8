@testable import DatacubeStorage

/// Random numbers that are the same in every run, in the form that Swift's own functions take.
struct SeededGenerator: RandomNumberGenerator {
    private var source: RandomSource

    init(seed: UInt64) { source = RandomSource(seed: seed) }

    mutating func next() -> UInt64 { source.next() }

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
