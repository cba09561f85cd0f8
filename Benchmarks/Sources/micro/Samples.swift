/// Made-up pixels and bytes.
enum Samples {
    /// A landscape of slow slopes with noise, which compresses about as well as Sentinel-2's bands do.
    static func pixels(_ count: Int, rowLength: Int) -> [UInt16] {
        var state: UInt64 = 42
        return (0..<count).map { position in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let (row, column) = (position / rowLength, position % rowLength)
            let slope = (row / 3 + column / 2) % 4000
            return UInt16(truncatingIfNeeded: 1200 + abs(slope - 2000) + Int(state >> 58))
        }
    }

    static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}
