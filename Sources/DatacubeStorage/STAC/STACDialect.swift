// STAC API: https://github.com/radiantearth/stac-api-spec/tree/main/item-search
// CQL2: https://docs.ogc.org/is/21-065r2/21-065r2.html

/// How a catalogue wants to be asked for Level-1C products of a tile.
enum STACDialect: Sendable {
    /// `stac.dataspace.copernicus.eu/v1`, a pgstac.
    case v1
    /// `catalogue.dataspace.copernicus.eu/stac`, deprecated since November 2025.
    case legacy

    /// What a landing page shows: the collections among its children.
    init(landingPage: JSONValue) {
        let children = (landingPage["links"]?.arrayValue ?? []).filter { $0["rel"]?.stringValue == "child" }
        let names = children.compactMap { $0["href"]?.stringValue?.split(separator: "/").last }
        self = names.contains("SENTINEL-2") && !names.contains("sentinel-2-l1c") ? .legacy : .v1
    }

    /// Items a page: openEO asks v1 for as many; the legacy catalogue gives 1000 at most.
    var pageSize: Int { self == .v1 ? 200 : 1000 }

    /// The body of the first search.
    ///
    /// There is no `sortby`: pgstac before 0.10 loses items of an ascending order between pages. The interval is
    /// spelled as two comparisons because `datetime: A/B` and `t_intersects` include both ends.
    func search(tile: String, from start: Timestamp, until end: Timestamp) -> JSONValue {
        let conditions: [JSONValue] =
            switch self {
            case .v1: [equal("grid:code", "MGRS-\(tile)")]
            case .legacy: [equal("tileId", tile), equal("productType", "S2MSI1C")]
            }
        let interval: [JSONValue] = [compare(">=", time: start), compare("<", time: end)]
        return [
            "collections": [.string(self == .v1 ? "sentinel-2-l1c" : "SENTINEL-2")], "limit": .int(pageSize),
            "filter-lang": "cql2-json", "filter": ["op": "and", "args": .array(conditions + interval)],
        ]
    }

    /// The body of the search for the page after an answer; nil when that was the last.
    func next(after answer: JSONValue, to body: JSONValue) throws -> JSONValue? {
        switch self {
        case .v1:
            let links = answer["links"]?.arrayValue ?? []
            guard let link = links.first(where: { $0["rel"]?.stringValue == "next" }) else { return nil }
            guard let members = link["body"]?.objectValue, members["token"] != nil else {
                throw PipelineError(.corrupt, "the catalogue's link to its next page has no token")
            }
            // A token alone gives other, unfiltered items: it goes into the whole request.
            return .object((body.objectValue ?? [:]).merging(members) { $1 })
        case .legacy:
            guard answer["features"]?.arrayValue?.count == pageSize else { return nil }
            var members = body.objectValue ?? [:]
            let page = (members["page"]?.intValue ?? 1) + 1
            guard (1...10_000).contains(page), (page - 1) * pageSize <= 10_000 else {
                throw PipelineError(
                    .unsupported,
                    "the legacy catalogue pages no further than 10000 items; ask for less time"
                )
            }
            members["page"] = .int(page)
            return .object(members)
        }
    }

    private func equal(_ property: String, _ value: String) -> JSONValue {
        ["op": "=", "args": [["property": .string(property)], .string(value)]]
    }

    private func compare(_ operation: String, time: Timestamp) -> JSONValue {
        ["op": .string(operation), "args": [["property": "datetime"], ["timestamp": .string("\(time)")]]]
    }
}
