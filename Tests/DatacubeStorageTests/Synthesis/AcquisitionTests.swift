import Testing

@testable import DatacubeStorage

@Suite struct AcquisitionTests {
    /// Real products of these tiles name these relative orbits, and 35VLH is seen from three.
    @Test(arguments: [("46UEU", 76), ("31TDH", 51), ("56JMM", 30), ("31UFS", 51), ("31UFS", 8), ("35VLH", 79)])
    func tracksIncludeTheOrbitsOfRealProducts(_ expected: (tile: String, orbit: Int)) throws {
        let tracks = try GroundTrack.over(MGRSTile(expected.tile)).map(\.relativeOrbit)
        #expect(tracks.contains(expected.orbit), "\(tracks)")
        #expect((1...4).contains(tracks.count))
    }

    @Test func aYearHasRealDatesAndOrbitNumbers() throws {
        let all = try Acquisition.all(of: MGRSTile("35VLH"), year: 2024, baseline: Baseline("05.10"), seed: 1)
        #expect((192...222).contains(all.count))
        // S2A flew relative orbit 79 over Finland on 2024-02-21 as absolute orbit 45264.
        let one = try #require(all.first { $0.datatakeStart.folder == "2024/02/21" })
        #expect(one.spacecraft == .s2a)
        #expect(one.track.relativeOrbit == 79)
        #expect(one.absoluteOrbit == 45264)
        #expect(one.datatakeStart.compact.hasPrefix("20240221T0950"))
        #expect(one.sensingTime > one.datatakeStart)
    }

    @Test func absoluteAndRelativeOrbitsAgree() throws {
        let all = try Acquisition.all(of: MGRSTile("35VLH"), year: 2023, baseline: Baseline("05.10"), seed: 1)
        for one in all {
            let shift = one.spacecraft == .s2a ? 2 : -27
            #expect((one.absoluteOrbit + shift) % 143 + 1 == one.track.relativeOrbit)
        }
    }

    @Test func fewDatesSpreadOverTheYearAndItsOrbits() throws {
        let all = try Acquisition.all(of: MGRSTile("35VLH"), year: 2024, baseline: Baseline("05.10"), seed: 1)
        let some = Acquisition.spread(all, count: 12)
        #expect(Set(some.map(\.datatakeStart)).count == 12)
        #expect(Set(some.map { $0.datatakeStart.date.month }).count >= 10)
        #expect(Set(some.map { $0.track.relativeOrbit }).count == 3)
    }

    @Test(arguments: [(2024, 2, 29, 59), (2023, 12, 31, 364), (2016, 1, 1, 0), (2000, 3, 1, 60)])
    func datesComeBack(_ day: (year: Int, month: Int, day: Int, ofYear: Int)) {
        let time = Timestamp(year: day.year, month: day.month, day: day.day) + 86_399_999_999
        #expect(time.date == CalendarDate(year: day.year, month: day.month, day: day.day))
        #expect(time.dayOfYear == day.ofYear)
        #expect(time.iso(decimals: 3).hasSuffix("T23:59:59.999Z"))
    }

    /// Corner of T46UEU as its product's footprint states it.
    @Test func cornersInDegreesAreThoseOfTheRealFootprint() throws {
        let corner = try MGRSTile("46UEU").geographic(x: 1, y: 1, metres: 109_800)
        #expect(abs(corner.latitude - 47.75581864580811) < 1e-6)
        #expect(abs(corner.longitude - 94.46478686693989) < 1e-6)
    }
}
