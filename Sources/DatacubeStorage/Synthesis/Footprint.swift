/// The outline of the seen part of a tile in geographic coordinates.
enum Footprint {
    /// Latitude and longitude in turn, clockwise from the upper left, closed.
    static func positions(of acquisition: Acquisition, extent: Int) -> String {
        let metres = Double(extent * 10)
        var corners = clipped(acquisition.track)
        if let first = corners.first { corners.append(first) }
        let points = corners.map { acquisition.tile.geographic(x: $0.x, y: $0.y, metres: metres) }
        return points.map { "\($0.latitude.fixed(13)) \($0.longitude.fixed(13)) " }.joined()
    }

    private typealias Corner = (x: Double, y: Double)

    /// The unit square cut by both edges of the swath.
    private static func clipped(_ track: GroundTrack) -> [Corner] {
        let square: [Corner] = [(0, 0), (1, 0), (1, 1), (0, 1)]
        let inEast = cut(square) { GroundTrack.halfSwath - track.distance(x: $0.x, y: $0.y) }
        return cut(inEast) { GroundTrack.halfSwath + track.distance(x: $0.x, y: $0.y) }
    }

    /// Sutherland and Hodgman's step for one edge: what lies where `inside` is not negative.
    private static func cut(_ corners: [Corner], inside: (Corner) -> Double) -> [Corner] {
        corners.indices.flatMap { index -> [Corner] in
            let (one, next) = (corners[index], corners[(index + 1) % corners.count])
            let (here, there) = (inside(one), inside(next))
            let kept = here >= 0 ? [one] : []
            guard (here < 0) != (there < 0) else { return kept }
            let share = here / (here - there)
            return kept + [(one.x + share * (next.x - one.x), one.y + share * (next.y - one.y))]
        }
    }
}
