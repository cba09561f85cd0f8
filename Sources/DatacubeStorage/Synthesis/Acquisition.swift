/// The two satellites whose products are imitated.
enum Spacecraft: Int, Sendable, CaseIterable {
    case s2a, s2b

    /// `S2A`.
    var shortName: String { self == .s2a ? "S2A" : "S2B" }
    /// `Sentinel-2A`.
    var longName: String { self == .s2a ? "Sentinel-2A" : "Sentinel-2B" }
    /// The processing centre's code in identifiers.
    var centre: String { self == .s2a ? "2APS" : "2BPS" }
    // Absolute orbit of relative orbit 76 in the cycle that began on 2023-02-16 (S2A) or 2023-02-21 (S2B).
    fileprivate var anchorOrbit: Int { self == .s2a ? 39970 : 31133 }
    fileprivate var anchorDay: Timestamp { Timestamp(year: 2023, month: 2, day: self == .s2a ? 16 : 21) }
}

/// One overpass of one tile: what a product's name, times and identifiers follow from.
struct Acquisition: Sendable {
    let tile: MGRSTile
    let spacecraft: Spacecraft
    let track: GroundTrack
    let absoluteOrbit: Int
    /// Start of the datatake, in whole milliseconds.
    let datatakeStart: Timestamp
    /// When the tile was seen.
    let sensingTime: Timestamp
    /// When the processor claims to have written the product, in whole seconds.
    let generationTime: Timestamp
    let baseline: Baseline
    /// The seed of everything that belongs to this overpass alone.
    let seed: UInt64

    /// Every overpass of the tile in a year, in order of time.
    static func all(of tile: MGRSTile, year: Int, baseline: Baseline, seed: UInt64) -> [Acquisition] {
        let start = Timestamp(year: year, month: 1, day: 1)
        let end = Timestamp(year: year + 1, month: 1, day: 1)
        let tracks = GroundTrack.over(tile)
        let all = Spacecraft.allCases.flatMap { spacecraft in
            tracks.flatMap { track in
                cycles(of: spacecraft, from: start, to: end).map { cycle in
                    Acquisition(
                        tile,
                        spacecraft: spacecraft,
                        track: track,
                        cycle: cycle,
                        baseline: baseline,
                        seed: seed
                    )
                }
            }
        }
        return all.filter { $0.datatakeStart >= start && $0.datatakeStart < end }
            .sorted { $0.datatakeStart < $1.datatakeStart }
    }

    /// `count` of them, evenly spread over the year.
    ///
    /// One from each of `count` equal parts of the list, at a place that moves on by the golden ratio from part to
    /// part: at regular distances a count such as 12 would meet the same orbit again and again.
    static func spread(_ all: [Acquisition], count: Int) -> [Acquisition] {
        (0..<min(count, all.count)).map { index in
            let within = (Double(index) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
            return all[Int((Double(index) + within) * Double(all.count) / Double(count))]
        }
    }

    private static func cycles(of spacecraft: Spacecraft, from start: Timestamp, to end: Timestamp) -> ClosedRange<Int>
    {
        let anchor = spacecraft.anchorDay.microseconds
        let cycle = GroundTrack.cycle
        return ((start.microseconds - anchor) / cycle - 2)...((end.microseconds - anchor) / cycle + 1)
    }

    private init(
        _ tile: MGRSTile,
        spacecraft: Spacecraft,
        track: GroundTrack,
        cycle: Int,
        baseline: Baseline,
        seed: UInt64
    ) {
        let pass = spacecraft.anchorDay + cycle * GroundTrack.cycle + track.timeInCycle
        let key = HashMixing.mix(seed, HashMixing.key(tile.name), UInt64(bitPattern: Int64(pass.microseconds)))
        // Datatakes begin in the north, some minutes before the tile, and drift by a few seconds over the year.
        let drift = Int(key % 4000) * 1000
        let start = pass.microseconds - 180 * Timestamp.microsecondsOfSecond + drift
        self.tile = tile
        self.spacecraft = spacecraft
        self.track = track
        self.absoluteOrbit =
            spacecraft.anchorOrbit + GroundTrack.orbitsInCycle * cycle
            + (track.relativeOrbit - 76 + 143) % 143
        self.datatakeStart = Timestamp(microseconds: start / 1000 * 1000)
        self.sensingTime = pass + drift + Int(key >> 20 % 900_000)
        let minutes = 70 + Int(key >> 40 % 120)
        self.generationTime = Timestamp(
            microseconds: (start / Timestamp.microsecondsOfSecond + minutes * 60) * Timestamp.microsecondsOfSecond
        )
        self.baseline = baseline
        self.seed = key
    }
}
