// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

/// Random numbers that a seed determines, the same on every machine and in every version of these tools.
struct RandomSource: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A whole number below `bound`, all equally likely.
    mutating func below(_ bound: Int) -> Int {
        let bound = UInt64(bound)
        // Numbers beyond the last multiple of the bound would favour small results.
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let number = next()
            if number < limit { return Int(number % bound) }
        }
    }

    /// The elements in random order.
    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var shuffled = elements
        for index in stride(from: shuffled.count - 1, to: 0, by: -1) { shuffled.swapAt(index, below(index + 1)) }
        return shuffled
    }
}
