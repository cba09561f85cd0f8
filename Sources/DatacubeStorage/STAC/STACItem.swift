// STAC items: https://github.com/radiantearth/stac-spec/blob/master/item-spec/item-spec.md

/// A product as the catalogue tells of it.
public struct STACItem: Sendable, Equatable {
    /// From the item's identifier.
    public let name: ProductName
    /// The item's `datetime`.
    public let time: Timestamp
    /// The folder of its files, as the catalogue says; never built from the name, reprocessed products lie elsewhere.
    public let location: S3Location
    /// Tells pieces of one datatake apart that were received by different stations.
    public let datastrip: String?

    /// Reads an item of either catalogue.
    ///
    /// - Throws: ``PipelineError`` naming the item and what is missing in it.
    public init(_ item: JSONValue) throws {
        let identifier = item["id"]?.stringValue ?? ""
        let properties = item["properties"]
        name = try ProductName(identifier)
        guard let time = properties?["datetime"]?.stringValue.flatMap({ Timestamp(iso8601: $0) }) else {
            throw PipelineError(.corrupt, "catalogue item \(identifier) has no datetime")
        }
        guard let location = Self.locations(item).first else {
            throw PipelineError(.notFound, "catalogue item \(identifier) names no place on S3; it may not be online")
        }
        self.time = time
        self.location = location
        datastrip = properties?["eopf:datastrip_id"]?.stringValue ?? properties?["datastripidentifier"]?.stringValue
    }

    /// The `.SAFE` folders that links and assets lie in or point to, links first.
    private static func locations(_ item: JSONValue) -> [S3Location] {
        let links = (item["links"]?.arrayValue ?? []).filter { $0["rel"]?.stringValue == "enclosure" }
        let assets = (item["assets"]?.objectValue ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        let alternates = assets.flatMap { ($0["alternate"]?.objectValue ?? [:]).values }
        return (links + assets + alternates).compactMap { $0["href"]?.stringValue }.compactMap(folder)
    }

    // `s3://eodata/….SAFE/…`, or `/eodata/….SAFE` in the legacy catalogue.
    private static func folder(_ reference: String) -> S3Location? {
        let text = reference.hasPrefix("/") ? "s3:/" + reference : reference
        guard let location = S3Location(text) else { return nil }
        let components = location.key.split(separator: "/")
        guard let end = components.firstIndex(where: { $0.hasSuffix(".SAFE") }) else { return nil }
        return S3Location(bucket: location.bucket, key: components[...end].joined(separator: "/"))
    }
}
