/// What `MTD_TL.xml` says of a granule, the part of a product that lies in one MGRS tile.
public struct TileMetadata: Sendable, Equatable {
    /// Zenith and azimuth in degrees.
    public struct Angles: Sendable, Equatable {
        /// 0 is overhead.
        public let zenith: Double
        /// Clockwise from north.
        public let azimuth: Double
    }

    /// `S2A_OPER_MSI_L1C_TL_…_T35VLH_N05.10`.
    public let tileIdentifier: String
    /// When the granule's first line was sensed, cut to the millisecond.
    public let sensingTime: Timestamp
    /// EPSG code of the UTM zone.
    public let epsgCode: Int
    /// The pixel grids of the three resolutions.
    public let grids: [Resolution: PixelGrid]
    /// Mean over the granule.
    public let meanSunAngles: Angles
    /// Mean over the granule for each band that has one.
    public let meanViewAngles: [Band: Angles]

    /// Reads the file.
    ///
    /// - Throws: ``PipelineError`` naming the path and the element that is absent or malformed.
    public init(file path: String) throws {
        try self.init(FileSystem.contents(of: path), path: path)
    }

    /// Reads the file's content; `path` is what error texts call it.
    ///
    /// - Throws: ``PipelineError`` naming the path and the element that is absent or malformed.
    public init(_ content: [UInt8], path: String) throws {
        let reader = try MetadataReader(content, path: path, root: "Level-1C_Tile_ID")
        tileIdentifier = try reader.text("TILE_ID")
        sensingTime = try reader.time("SENSING_TIME")
        let geocoding = try reader.element("Tile_Geocoding")
        epsgCode = try TileMetadata.epsgCode(reader, geocoding)
        grids = try TileMetadata.grids(reader, geocoding)
        meanSunAngles = try TileMetadata.angles(reader.element("Mean_Sun_Angle"), reader)
        var views: [Band: Angles] = [:]
        for element in reader.root.all("Mean_Viewing_Incidence_Angle") {
            views[try reader.band(of: element)] = try TileMetadata.angles(element, reader)
        }
        meanViewAngles = views
    }

    private static func epsgCode(_ reader: MetadataReader, _ geocoding: XMLElement) throws -> Int {
        let text = try reader.text("HORIZONTAL_CS_CODE", in: geocoding)
        guard text.hasPrefix("EPSG:"), let code = Int(text.dropFirst(5)) else {
            throw PipelineError(.corrupt, "\(reader.path): HORIZONTAL_CS_CODE is '\(text)'; EPSG:<number> is expected")
        }
        return code
    }

    private static func grids(_ reader: MetadataReader, _ geocoding: XMLElement) throws -> [Resolution: PixelGrid] {
        var grids: [Resolution: PixelGrid] = [:]
        for resolution in Resolution.allCases {
            let name = String(resolution.metres)
            guard let size = geocoding.children("Size").first(where: { $0.attributes["resolution"] == name }),
                let position = geocoding.children("Geoposition").first(where: { $0.attributes["resolution"] == name })
            else { throw PipelineError(.corrupt, "\(reader.path) lacks the geocoding of \(name) m") }
            grids[resolution] = PixelGrid(
                width: try reader.integer("NCOLS", in: size),
                height: try reader.integer("NROWS", in: size),
                left: try reader.number("ULX", in: position),
                top: try reader.number("ULY", in: position),
                metres: resolution.metres
            )
        }
        return grids
    }

    private static func angles(_ element: XMLElement, _ reader: MetadataReader) throws -> Angles {
        Angles(
            zenith: try reader.number("ZENITH_ANGLE", in: element),
            azimuth: try reader.number("AZIMUTH_ANGLE", in: element)
        )
    }
}
