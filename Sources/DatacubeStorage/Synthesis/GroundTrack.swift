import Glibc

/// Where and when the two satellites pass over a place, on their descending (daylight) half-orbits.
///
/// A sphere and a circular orbit, fixed to one real product (T46UEU, relative orbit 76, 2023-02-16): enough to give
/// every tile its real relative orbits, its overpass time to a minute and swath edges that cross it where they should.
struct GroundTrack: Sendable, Equatable {
    /// 1 to 143.
    let relativeOrbit: Int
    /// Kilometres from the track to the middle of the tile, positive to the east.
    let distance: Double
    /// How far the track leans from south to west, in radians.
    let lean: Double
    /// Microseconds from the start of the ten-day cycle to the overpass.
    let timeInCycle: Int

    static let orbitsInCycle = 143
    static let cycle = 10 * Timestamp.microsecondsOfDay
    /// Half the width of the swath in kilometres.
    static let halfSwath = 145.0
    /// Kilometres along a side of a tile.
    static let tileSide = 109.8

    private static let inclination = 98.57 * Double.pi / 180
    private static let anchorOrbit = 76
    private static let anchorNodeLongitude = 80.05
    // From the anchor's day to its crossing of the equator, 05:08:48.
    private static let anchorNodeTime = 18_528 * Timestamp.microsecondsOfSecond

    /// The tracks that see at least two hundredths of the tile.
    static func over(_ tile: MGRSTile) -> [GroundTrack] {
        let middle = tile.geographic(x: 0.5, y: 0.5, metres: tileSide * 1000)
        return (1...orbitsInCycle).map { GroundTrack(relativeOrbit: $0, above: middle) }
            .filter { abs($0.distance) < 400 && $0.coverage > 0.02 }
    }

    private init(relativeOrbit: Int, above place: GeographicPoint) {
        let latitude = place.latitude * .pi / 180
        let beforeNode = asin(max(-1, min(1, sin(latitude) / sin(Self.inclination))))
        let period = Double(Self.cycle) / Double(Self.orbitsInCycle)
        let east = atan(-cos(Self.inclination) * tan(beforeNode)) * 180 / .pi
        let rotation = beforeNode / (2 * .pi) * period / Double(Timestamp.microsecondsOfDay) * 360
        let orbits = (relativeOrbit - Self.anchorOrbit + 143) % Self.orbitsInCycle
        let node = Self.anchorNodeLongitude - Double(orbits) * 3600 / 143
        let degrees = remainder(place.longitude - (node + east + rotation), 360)
        let lean = asin(max(-1, min(1, -cos(Self.inclination) / cos(latitude)))) + 0.05
        self.relativeOrbit = relativeOrbit
        self.lean = lean
        self.distance = degrees * 111.32 * cos(latitude) * cos(lean)
        let fromAnchor = (Double(orbits) - beforeNode / (2 * .pi)) * period
        self.timeInCycle = (Self.anchorNodeTime + Int(fromAnchor)) % Self.cycle
    }

    /// Kilometres from the track to a point of the tile, in shares of its size.
    func distance(x: Double, y: Double) -> Double {
        distance + ((x - 0.5) * cos(lean) + (y - 0.5) * sin(lean)) * Self.tileSide
    }

    /// The columns that the swath covers, of a row of `width` square pixels.
    func columns(ofRow y: Int, width: Int) -> Range<Int> {
        let height = (Double(y) + 0.5) / Double(width)
        let left = distance(x: 0, y: height)
        let perColumn = (distance(x: 1, y: height) - left) / Double(width)
        // Near 81° north the track runs from east to west, and beyond that the distance to it falls from left to right.
        guard abs(perColumn) > 1e-9 else { return abs(left) <= Self.halfSwath ? 0..<width : 0..<0 }
        let ends = [-Self.halfSwath, Self.halfSwath].map { edge in
            Int(((edge - left) / perColumn).rounded(.up).clamped(to: 0...Double(width)))
        }
        return min(ends[0], ends[1])..<max(ends[0], ends[1])
    }

    /// The share of the tile that the swath covers.
    var coverage: Double {
        let steps = (0..<20).map { (Double($0) + 0.5) / 20 }
        let seen = steps.flatMap { y in steps.filter { abs(distance(x: $0, y: y)) < Self.halfSwath } }
        return Double(seen.count) / 400
    }
}
