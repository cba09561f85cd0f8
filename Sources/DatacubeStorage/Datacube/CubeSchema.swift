// CF conventions 1.11 (coordinates, grid mapping), https://cfconventions.org
// spatial and proj conventions for Zarr, https://github.com/zarr-conventions/spatial, …/geo-proj

/// How one resolution of a tile-year stands in a Zarr group: the array `data` and the variables that describe it.
public struct CubeSchema: Sendable {
    /// The resolution.
    public let resolution: Resolution
    /// The pixel grid.
    public let grid: PixelGrid
    /// EPSG code of the UTM zone.
    public let epsgCode: Int
    /// WKT of the same.
    public let wellKnownText: String
    /// Central wavelengths of the bands in nanometres; empty where unknown.
    public let wavelengths: [Double]
    /// Chunks.
    public let chunking: Chunking

    /// Describes the group that a product belongs to.
    public init(_ product: ProductImages, _ resolution: Resolution, _ chunking: Chunking) throws {
        self.resolution = resolution
        self.chunking = chunking
        grid = try product.grid(resolution)
        epsgCode = product.product.tile.epsgCode
        wellKnownText = try SpatialReference.wellKnownText(epsg: epsgCode)
        let all = product.product.metadata.wavelengths
        wavelengths = all.isEmpty ? [] : resolution.bands.map { all[$0.rawValue].central }
    }

    private var bandCount: Int { resolution.bands.count }
    /// Rows and columns of a chunk or shard.
    var chunkSide: Int { chunking.side(resolution) }

    /// The array of pixels, DN unchanged, for `dates` dates.
    public func data(dates: Int) -> ArrayMetadata {
        ArrayMetadata(
            shape: [dates, bandCount, grid.height, grid.width],
            chunkShape: [chunking.dates, bandCount, chunkSide, chunkSide],
            dataType: .uint16,
            fillValue: 0,
            codecs: chunking.arrayCodecs(bands: bandCount),
            dimensionNames: ["time", "band", "y", "x"],
            attributes: dataAttributes
        )
    }

    /// All arrays of the group by name, for `dates` dates.
    func arrays(dates: Int) -> [String: ArrayMetadata] {
        var arrays = ["data": data(dates: dates)]
        for column in TimeColumn.all { arrays[column.name] = column.metadata(dates: dates, bands: bandCount) }
        for coordinate in coordinates { arrays[coordinate.name] = coordinate.metadata }
        return arrays
    }

    /// What the group says of itself.
    var groupAttributes: [String: JSONValue] {
        let own: [String: JSONValue] = [
            "Conventions": "CF-1.11", "title": .string("Sentinel-2 Level-1C, \(resolution.name) bands"),
        ]
        return placement.merging(own) { $1 }
    }

    private var dataAttributes: [String: JSONValue] {
        let names = (TimeColumn.all.map(\.name) + coordinates.map(\.name))
            .filter { !["time", "band", "y", "x"].contains($0) }.sorted()
        let own: [String: JSONValue] = [
            "long_name": "top-of-atmosphere digital number (DN)",
            "comment": "reflectance = (DN + radiometric_add_offset) / quantification_value, per date and band",
            "grid_mapping": "spatial_ref",
            "coordinates": .string(names.joined(separator: " ")),
            "nodata": 0,
            "saturated": 65535,
            "_CRS": [
                "url": .string("http://www.opengis.net/def/crs/EPSG/0/\(epsgCode)"), "wkt": .string(wellKnownText),
            ],
        ]
        return placement.merging(own) { $1 }
    }

    private var placement: [String: JSONValue] {
        let size = Double(grid.metres)
        let (right, bottom) = (grid.left + Double(grid.width) * size, grid.top - Double(grid.height) * size)
        return [
            "proj:code": .string("EPSG:\(epsgCode)"),
            "spatial:dimensions": ["y", "x"],
            "spatial:shape": [.int(grid.height), .int(grid.width)],
            "spatial:transform": .array([size, 0, grid.left, 0, -size, grid.top].map(JSONValue.double)),
            "spatial:bbox": .array([grid.left, bottom, right, grid.top].map(JSONValue.double)),
            "zarr_conventions": [
                ["uuid": "689b58e2-cf7b-45e0-9fff-9cfc0883d6b4", "name": "spatial"],
                ["uuid": "f17cb550-5864-4468-aeb7-f3180cfb622f", "name": "geo-proj"],
            ],
        ]
    }
}
