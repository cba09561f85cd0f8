import DatacubeStorage
import FoundationEssentials
import Logging
import Testing

private let catalogueURL = ProcessInfo.processInfo.environment["DSLAB_TEST_STAC_URL"]

/// A real STAC API with the items of a tile-year, which `scripts/test-stac` starts.
///
/// `DSLAB_TEST_STAC_URL` names it, and `DSLAB_TEST_STAC_TILE` a tile that has items exactly at the midnights that begin
/// June and July 2024.
@Suite(.enabled(if: catalogueURL != nil, "needs a STAC API; run make test-stac"))
struct CatalogueServerTests {
    private let tile = ProcessInfo.processInfo.environment["DSLAB_TEST_STAC_TILE"] ?? "35VLH"

    private func search(_ start: String, _ end: String) throws -> STACAnswer {
        let client = STACClient(
            url: try #require(catalogueURL),
            http: try HTTPClient(limits: ConnectionLimits(total: 2)),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            retryPolicy: .fast
        )
        return try client.search(
            tile: tile,
            from: #require(Timestamp(iso8601: start)),
            until: #require(Timestamp(iso8601: end))
        )
    }

    @Test func aYearIsTheSumOfItsDays() throws {
        let year = try search("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
        #expect(year.items.count > 100 && year.refusals.isEmpty)
        #expect(year.items.map(\.time) == year.items.map(\.time).sorted())
        var days: [String] = []
        for (month, length) in zip(1..., [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            let (this, next) = (Self.date(month, 1), month < 12 ? Self.date(month + 1, 1) : "2025-01-01T00:00:00Z")
            let middle = Self.date(month, length / 2)
            days += try search(this, middle).items.map(\.name.identifier)
            days += try search(middle, next).items.map(\.name.identifier)
        }
        #expect(days == year.items.map(\.name.identifier))
    }

    @Test func midnightBelongsToOneDay() throws {
        let midnight = "2024-06-01T00:00:00.000Z"
        #expect(try search("2024-05-01T00:00:00Z", midnight).items.contains { "\($0.time)" == midnight } == false)
        #expect(try search(midnight, "2024-07-01T00:00:00Z").items.filter { "\($0.time)" == midnight }.count == 1)
    }

    private static func date(_ month: Int, _ day: Int) -> String {
        "2024-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
    }
}
