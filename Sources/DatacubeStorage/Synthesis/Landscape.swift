/// What covers a tile's ground, the same on every date, on points 120 m apart.
///
/// 120 m is twelve, six and two pixels of the three resolutions, so every band sees the same scene.
struct Landscape: Sendable {
    /// Metres between points.
    static let spacing = 120
    let columns: Int
    let rows: Int
    /// 0 at the lowest, 1 at the highest place.
    let elevation: [Float]
    /// Share of the ground under water.
    let water: [Float]
    /// Share of forest on land; the rest is farmed.
    let forest: [Float]
    /// When crops ripen, -1 early to 1 late.
    let phase: [Float]

    /// Makes the landscape of a tile, `extent` pixels of 10 m wide.
    init(tile: MGRSTile, extent: Int, seed: UInt64) {
        let key = HashMixing.mix(seed, HashMixing.key(tile.name))
        let count = (extent * 10 + Self.spacing - 1) / Self.spacing + 2
        func field(_ coarsest: Double, octaves: Int, persistence: Float, number: UInt64) -> [Float] {
            ValueNoise(
                coarsest: coarsest,
                octaves: octaves,
                persistence: persistence,
                seed: HashMixing.mix(key, number)
            )
            .sampled(columns: count, rows: count, spacing: Double(Self.spacing))
        }
        columns = count
        rows = count
        elevation = field(30_000, octaves: 8, persistence: 0.55, number: 1).map { min(1, max(0, 0.5 + $0 * 1.4)) }
        water = field(9_000, octaves: 7, persistence: 0.6, number: 2).map { smoothStep($0, from: 0.22, to: 0.27) }
        forest = field(6_000, octaves: 6, persistence: 0.7, number: 3).map { smoothStep($0, from: -0.15, to: 0.12) }
        phase = field(2_400, octaves: 5, persistence: 0.8, number: 4).map { min(1, max(-1, $0 * 2)) }
    }
}
