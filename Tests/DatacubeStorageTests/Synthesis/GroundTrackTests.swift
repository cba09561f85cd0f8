import Testing

@testable import DatacubeStorage

@Suite struct GroundTrackTests {
    /// In the far north the track turns: it runs from east to west, then from the south.
    @Test(arguments: ["35VLH", "56JMM", "19XEL", "33XWM", "01XEL", "27XWN", "60XWP", "31XFL"])
    func theSwathCoversThePixelsThatAreNearEnough(_ name: String) throws {
        let tile = try MGRSTile(name)
        let tracks = GroundTrack.over(tile)
        #expect(!tracks.isEmpty)
        let width = 61
        for track in tracks {
            for y in 0..<width {
                let columns = track.columns(ofRow: y, width: width)
                for x in 0..<width {
                    // The left edges of the pixels decide.
                    let place = (Double(x) / Double(width), (Double(y) + 0.5) / Double(width))
                    let distance = abs(track.distance(x: place.0, y: place.1))
                    guard abs(distance - GroundTrack.halfSwath) > 2 * GroundTrack.tileSide / Double(width) else {
                        continue
                    }
                    #expect(columns.contains(x) == (distance < GroundTrack.halfSwath), "\(name) \(track) \(x) \(y)")
                }
            }
        }
    }

    /// Every tile of the three northernmost latitude bands, in zones of each of the three sets of letters.
    @Test func noTileIsTooFarNorth() throws {
        var count = 0
        for zone in [1, 29, 33] {
            for letters in product("VWX", "ABCDEFGHJKLMNPQRSTUVWXYZ", "ABCDEFGHJKLMNPQRSTUV") {
                guard let tile = try? MGRSTile((zone < 10 ? "0" : "") + "\(zone)\(letters)") else { continue }
                count += 1
                for track in GroundTrack.over(tile) {
                    for y in [0, 7, 15] { #expect((0...16).contains(track.columns(ofRow: y, width: 16).upperBound)) }
                }
            }
        }
        #expect(count > 1000)
    }

    private func product(_ one: String, _ two: String, _ three: String) -> [String] {
        one.flatMap { a in two.flatMap { b in three.map { "\(a)\(b)\($0)" } } }
    }
}
