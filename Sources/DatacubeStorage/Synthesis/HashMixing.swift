/// Repeatable pseudo-random numbers from keys: the same keys give the same number on every machine and thread.
enum HashMixing {
    /// The finalizer of SplitMix64 over a running state.
    static func mix(_ values: UInt64...) -> UInt64 {
        values.reduce(0x9E37_79B9_7F4A_7C15) { state, value in
            var mixed = (state ^ value) &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    /// A number in 0..<1.
    static func unit(_ values: UInt64...) -> Double {
        Double(values.reduce(UInt64(0)) { mix($0, $1) } >> 11) / Double(1 << 53)
    }

    /// A key for a text, by FNV-1a.
    static func key(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// A cheap 32-bit hash for the inner loops.
    @inline(__always)
    static func fast(_ value: UInt32) -> UInt32 {
        var mixed = value
        mixed = (mixed ^ mixed >> 16) &* 0x7FEB_352D
        mixed = (mixed ^ mixed >> 15) &* 0x846C_A68B
        return mixed ^ mixed >> 16
    }
}
