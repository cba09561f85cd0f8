// CF conventions 1.11 (coordinates, grid mapping), https://cfconventions.org
// The attributes of the spatial and proj conventions for Zarr, https://github.com/zarr-conventions/spatial, …/geo-proj

/// How one resolution of a tile-year stands in a Zarr group: the array `data` and the variables that describe it.
public struct CubeSchema: Sendable {
    /// The resolution.
    public let resolution: Resolution
    /// The pixel grid.
    public let grid: PixelGrid
    /// The same with the UTM zone.
    public let geocoding: TileGeocoding
    /// WKT of the same.
    public let wellKnownText: String
    /// Central wavelengths of the bands.
    let wavelengths: BandWavelengths
    /// Chunks.
    public let chunking: Chunking

    /// Describes the group that a product belongs to.
    ///
    /// `wavelengths` are those of the cube's first date, where that is not the product.
    init(
        _ product: ProductImages,
        resolution: Resolution,
        chunking: Chunking,
        wavelengths: BandWavelengths? = nil
    ) throws {
        self.resolution = resolution
        self.chunking = chunking
        grid = try product.grid(resolution)
        geocoding = try product.product.tile.geocoding.only([resolution])
        wellKnownText = try SpatialReference.wellKnownText(epsg: geocoding.epsgCode)
        self.wavelengths = wavelengths ?? BandWavelengths(of: product.product.metadata, resolution)
    }

    /// Describes the group that data of any format would make.
    ///
    /// Where the data have no WKT, GDAL makes it; it is empty where there is no GDAL, since pixels can be read all the same.
    init(_ geocoding: TileGeocoding, resolution: Resolution, dates: RecordedDates) throws {
        guard let grid = geocoding.grids[resolution] else {
            throw PipelineError(.notFound, "there is no \(resolution.name)")
        }
        self.resolution = resolution
        self.grid = grid
        self.geocoding = try geocoding.only([resolution])
        wavelengths = dates.wavelengths
        wellKnownText = dates.wellKnownText ?? (try? SpatialReference.wellKnownText(epsg: geocoding.epsgCode)) ?? ""
        chunking = Chunking()
    }

    /// EPSG code of the UTM zone.
    public var epsgCode: Int { geocoding.epsgCode }
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

    /// What the arrays of the group are called.
    var arrayNames: Set<String> { Set(["data"] + TimeColumn.all.map(\.name) + coordinates.map(\.name)) }

    /// The bytes of the group's document for `dates` dates.
    func groupDocument(dates: Int) -> [UInt8] {
        GroupMetadata(attributes: groupAttributes, consolidated: arrays(dates: dates).mapValues(\.json)).document
    }

    /// What the group says of itself.
    ///
    /// `crs` and `transform` are for the reader of the Python modules that this pipeline mirrors, which takes the
    /// latter apart as `affine` prints it.
    var groupAttributes: [String: JSONValue] {
        let own: [String: JSONValue] = [
            "Conventions": "CF-1.11", "title": .string("Sentinel-2 Level-1C, \(resolution.name) bands"),
            "crs": .string("EPSG:\(epsgCode)"), "transform": .string(affineText),
        ]
        return placement.merging(own) { $1 }
    }

    private var affineText: String {
        let size = Double(grid.metres)
        let rows = [[size, 0, grid.left], [0, -size, grid.top], [0, 0, 1]]
        return rows.map { row in
            "|" + row.map { ($0 < 0 ? "" : " ") + $0.fixed(2) }.joined(separator: ",") + "|"
        }.joined(separator: "\n")
    }

    private var dataAttributes: [String: JSONValue] {
        let names = (TimeColumn.all.map(\.name) + coordinates.map(\.name))
            .filter { !["time", "band", "y", "x"].contains($0) }.sorted()
        let own: [String: JSONValue] = [
            "long_name": "top-of-atmosphere digital number (DN)",
            "comment": "reflectance = (DN + radiometric_add_offset) / quantification_value, per date and band",
            "grid_mapping": "spatial_ref",
            "coordinates": .string(names.joined(separator: " ")),
            "nodata": .int(ProductMetadata.noDataValue),
            "saturated": .int(ProductMetadata.saturatedValue),
        ]
        return placement.merging(own) { $1 }
    }

    // Nothing but text, numbers and lists of them: objects would keep xarray from writing netCDF. So there is neither
    // `_CRS`, in place of which GDAL reads the grid mapping, nor `zarr_conventions`.
    private var placement: [String: JSONValue] {
        let size = Double(grid.metres)
        let (right, bottom) = (grid.left + Double(grid.width) * size, grid.top - Double(grid.height) * size)
        return [
            "proj:code": .string("EPSG:\(epsgCode)"),
            "spatial:dimensions": ["y", "x"],
            "spatial:shape": [.int(grid.height), .int(grid.width)],
            "spatial:transform": .array([size, 0, grid.left, 0, -size, grid.top].map(JSONValue.double)),
            "spatial:bbox": .array([grid.left, bottom, right, grid.top].map(JSONValue.double)),
        ]
    }
}
