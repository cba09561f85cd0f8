import Glibc

/// Directions to the sun and to the satellite over a tile, on points 5 km apart as `MTD_TL.xml` gives them.
struct SunAndView: Sendable {
    let acquisition: Acquisition
    static let gridSize = 23

    /// Zenith and azimuth in degrees.
    struct Direction: Sendable {
        var zenith: Double
        var azimuth: Double
    }

    private func share(_ index: Int) -> Double { Double(index) * 5 / GroundTrack.tileSide }

    /// The sun at a point of the tile, in shares of its size.
    func sun(x: Double, y: Double) -> Direction {
        let place = acquisition.tile.geographic(x: x, y: y, metres: GroundTrack.tileSide * 1000)
        let latitude = place.latitude * .pi / 180
        let season = 2 * Double.pi * (Double(acquisition.sensingTime.dayOfYear) + 10) / 365.25
        let declination = -23.44 * Double.pi / 180 * cos(season)
        let hour = ((acquisition.sensingTime.hours - 12) * 15 + place.longitude) * .pi / 180
        let height = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour)
        let east = -cos(declination) * sin(hour)
        let north = cos(latitude) * sin(declination) - sin(latitude) * cos(declination) * cos(hour)
        let azimuth = atan2(east, north) * 180 / .pi
        return Direction(zenith: acos(height) * 180 / .pi, azimuth: azimuth < 0 ? azimuth + 360 : azimuth)
    }

    /// The sun over the middle.
    var meanSun: Direction { sun(x: 0.5, y: 0.5) }

    /// The satellite at a point; bands look ahead or back by up to 1.6 degrees in alternation.
    func view(_ band: Band, x: Double, y: Double) -> Direction {
        let across = acquisition.track.distance(x: x, y: y)
        let along = (detector(x: x, y: y).isMultiple(of: 2) ? 1 : -1) * (14 + Double(band.identifier) * 0.7)
        let zenith = atan((across * across + along * along).squareRoot() / 786) * 180 / .pi
        let azimuth = atan2(-across, along) * 180 / .pi + 180 + acquisition.track.lean * 180 / .pi
        return Direction(zenith: zenith, azimuth: (azimuth + 720).truncatingRemainder(dividingBy: 360))
    }

    /// Mean over the seen part of the tile.
    func meanView(_ band: Band) -> Direction {
        let steps = (0..<10).map { (Double($0) + 0.5) / 10 }
        let all = steps.flatMap { y in
            steps.filter { abs(acquisition.track.distance(x: $0, y: y)) < GroundTrack.halfSwath }
                .map { view(band, x: $0, y: y) }
        }
        let count = Double(max(1, all.count))
        return Direction(
            zenith: all.map(\.zenith).reduce(0, +) / count,
            azimuth: all.map(\.azimuth).reduce(0, +) / count
        )
    }

    /// The detector, 1 to 12 from east to west, that sees a point; others outside the swath.
    func detector(x: Double, y: Double) -> Int {
        let across = GroundTrack.halfSwath - acquisition.track.distance(x: x, y: y)
        return Int((across / (2 * GroundTrack.halfSwath / 12)).rounded(.down)) + 1
    }

    /// The detectors that see some of the tile.
    var detectors: [Int] {
        let points = (0..<Self.gridSize * Self.gridSize).map {
            detector(x: share($0 % Self.gridSize), y: share($0 / Self.gridSize))
        }
        return Set(points).filter { (1...12).contains($0) }.sorted()
    }

    /// Two grids of 23 x 23 values as XML, `Zenith` and `Azimuth`; NaN where there is no value.
    func grids(_ direction: (Double, Double) -> Direction?) -> String {
        let indices = 0..<Self.gridSize
        let values = indices.map { row in indices.map { direction(share($0), share(row)) } }
        return grid("Zenith", rows: values.map { $0.map { $0?.zenith } }) + "\n"
            + grid("Azimuth", rows: values.map { $0.map { $0?.azimuth } })
    }

    private func grid(_ name: String, rows: [[Double?]]) -> String {
        let lines = rows.map { row in
            indented(12, text: "<VALUES>" + row.map { $0?.fixed(4) ?? "NaN" }.joined(separator: " ") + "</VALUES>")
        }
        return """
                    <\(name)>
                      <COL_STEP unit="m">5000</COL_STEP>
                      <ROW_STEP unit="m">5000</ROW_STEP>
                      <Values_List>
            \(lines.joined(separator: "\n"))
                      </Values_List>
                    </\(name)>
            """
    }
}
