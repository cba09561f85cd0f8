import Glibc

/// Season, snow and clouds over a landscape on one date.
struct Weather: Sendable {
    /// How green the crops are, 0 to 1, before each field's own lateness.
    let greenness: Float
    /// How much of the ground snow covers, 0 to 1; the highest places first.
    let snowCover: Float
    /// How much of a pixel's light comes from clouds, 0 to 1, on the landscape's points.
    let opacity: [Float]
    /// Brightness of the clouds there, around 1.
    let brightness: [Float]
    /// Percentage of the seen ground under clouds.
    let cloudPercentage: Double
    /// Percentage of the seen ground under snow.
    let snowPercentage: Double

    init(_ acquisition: Acquisition, over landscape: Landscape) {
        let cover = Self.cover(acquisition.seed)
        let (columns, rows) = (landscape.columns, landscape.rows)
        let clouds = ValueNoise(coarsest: 24_000, octaves: 8, persistence: 0.62, seed: acquisition.seed)
            .sampled(columns: columns, rows: rows, spacing: Double(Landscape.spacing))
        let thickness = ValueNoise(coarsest: 7_000, octaves: 6, persistence: 0.75, seed: acquisition.seed ^ 0xC10D)
            .sampled(columns: columns, rows: rows, spacing: Double(Landscape.spacing))
        let edge = Self.quantile(clouds, share: 1 - cover)
        let opacity = clouds.map { smoothStep($0, from: edge - 0.06, to: edge + 0.06) * 0.96 }
        let season = Season(acquisition)
        self.greenness = season.greenness
        self.snowCover = season.snowCover
        self.opacity = opacity
        self.brightness = thickness.map { max(0.3, 1.1 + 1.3 * $0) }
        let seen = Self.seenPoints(acquisition, columns: columns, rows: rows)
        let snow = landscape.elevation.map { season.snow(at: $0) }
        self.cloudPercentage = Self.percentage(of: opacity, among: seen)
        self.snowPercentage = Self.percentage(of: zip(snow, opacity).map { $0 * (1 - $1) }, among: seen)
    }

    // Skies are mostly clear or mostly overcast: a quarter clear, a third closed, the rest in between.
    private static func cover(_ seed: UInt64) -> Double {
        let draw = HashMixing.unit(seed, 77)
        if draw < 0.25 { return draw * 0.12 }
        return draw < 0.67 ? 0.03 + (draw - 0.25) / 0.42 * 0.9 : 0.93 + (draw - 0.67) * 0.2
    }

    private static func quantile(_ field: [Float], share: Double) -> Float {
        let sample = stride(from: 0, to: field.count, by: max(1, field.count / 20_000)).map { field[$0] }.sorted()
        return sample[min(sample.count - 1, Int(share * Double(sample.count)))]
    }

    private static func seenPoints(_ acquisition: Acquisition, columns: Int, rows: Int) -> [Bool] {
        (0..<columns * rows).map { index in
            let x = Double(index % columns) / Double(columns)
            let y = Double(index / columns) / Double(rows)
            return abs(acquisition.track.distance(x: x, y: y)) < GroundTrack.halfSwath
        }
    }

    private static func percentage(of shares: [Float], among seen: [Bool]) -> Double {
        let counted = zip(shares, seen).filter { $0.1 }
        guard !counted.isEmpty else { return 0 }
        return 100 * Double(counted.filter { $0.0 > 0.5 }.count) / Double(counted.count)
    }
}

/// What the time of year does to the ground.
struct Season: Sendable {
    let greenness: Float
    let snowCover: Float

    init(_ acquisition: Acquisition) {
        let tile = acquisition.tile
        let latitude = abs(tile.geographic(x: 0.5, y: 0.5, metres: GroundTrack.tileSide * 1000).latitude)
        // Day 0 is midwinter: late December in the north, late June in the south.
        let day = Double((acquisition.datatakeStart.dayOfYear + (tile.isNorthern ? 10 : 193)) % 365)
        let summer = (1 - cos(day / 365 * 2 * .pi)) / 2
        greenness = smoothStep(Float(summer), from: 0.35, to: 0.8)
        // Snow lies for four months at 61 degrees and for none below 43.
        let limit = 0.25 * min(1, max(0, (latitude - 43) / 18))
        snowCover = limit > 0 ? 1 - smoothStep(Float(summer / limit), from: 0.4, to: 1.3) : 0
    }

    /// The share of the ground that snow covers at an elevation.
    func snow(at elevation: Float) -> Float {
        smoothStep(elevation, from: 1 - 1.3 * snowCover, to: 1.3 - 1.3 * snowCover)
    }
}
