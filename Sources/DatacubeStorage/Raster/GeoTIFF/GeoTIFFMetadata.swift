// GDAL_METADATA and GDAL_NODATA tags: https://gdal.org/en/stable/drivers/raster/gtiff.html#metadata

/// What GDAL records in a GeoTIFF of the raster and its bands.
struct GeoTIFFMetadata: Sendable {
    /// Items of the whole raster, by name.
    let items: [String: String]
    /// Items of each band, by name; GDAL's own are `DESCRIPTION`, `SCALE` and `OFFSET`.
    let bands: [[String: String]]
    /// The value of pixels that hold nothing, as it is written.
    let noData: String?

    init(items: [String: String], bands: [[String: String]], noData: String?) {
        (self.items, self.bands, self.noData) = (items, bands, noData)
    }
}

extension GeoTIFFImage {
    /// Reads what GDAL recorded; opening an image for its pixels does without.
    ///
    /// - Throws: ``PipelineError`` when the file is gone, or what is recorded makes no sense.
    func metadata() throws -> GeoTIFFMetadata {
        guard let file = try store.reader(of: key) else {
            throw PipelineError(.notFound, "\(path) does not exist; convert the product again")
        }
        let directory = try TIFFDirectory(file, path: path)
        let noData = try directory.text(.gdalNoData).map { String(decoding: $0, as: UTF8.self) }
        let none = GeoTIFFMetadata(items: [:], bands: Array(repeating: [:], count: bands), noData: noData)
        guard let text = try directory.text(.gdalMetadata), !text.isEmpty else { return none }
        return Self.sorted(try XMLParser.parse(text, name: "GDAL's metadata in \(path)"), into: none)
    }

    private static func sorted(_ document: XMLElement, into none: GeoTIFFMetadata) -> GeoTIFFMetadata {
        var (items, bands) = (none.items, none.bands)
        for item in document.children("Item") {
            guard let name = item.attributes["name"], item.attributes["domain"] == nil else { continue }
            guard let sample = item.attributes["sample"] else {
                items[name] = item.text
                continue
            }
            if let band = Int(sample), bands.indices.contains(band) { bands[band][name] = item.text }
        }
        return GeoTIFFMetadata(items: items, bands: bands, noData: none.noData)
    }
}
