/// What `MTD_TL.xml` says of a granule, the part of a product that lies in one MGRS tile.
public struct TileMetadata: Sendable, Equatable {
    /// Zenith and azimuth in degrees; NaN where the metadata do not say.
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
    /// Where the pixels of the three resolutions lie.
    public let geocoding: TileGeocoding
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
        geocoding = try Self.geocoding(reader)
        meanSunAngles = Self.angles(reader.root.first("Mean_Sun_Angle"), reader: reader)
        meanViewAngles = Self.viewAngles(reader)
    }

    /// EPSG code of the UTM zone.
    public var epsgCode: Int { geocoding.epsgCode }

    /// The pixel grids of the three resolutions.
    public var grids: [Resolution: PixelGrid] { geocoding.grids }

    private static func geocoding(_ reader: MetadataReader) throws -> TileGeocoding {
        let element = try reader.element("Tile_Geocoding")
        let (code, grids) = (try epsgCode(reader, geocoding: element), try grids(reader, geocoding: element))
        do {
            return try TileGeocoding(epsgCode: code, grids: grids)
        } catch {
            throw PipelineError(error.code, "\(reader.path): \(error.message); fetch the product again")
        }
    }

    private static func epsgCode(_ reader: MetadataReader, geocoding: XMLElement) throws -> Int {
        let text = try reader.text("HORIZONTAL_CS_CODE", in: geocoding)
        guard text.hasPrefix("EPSG:"), let code = Int(text.dropFirst(5)) else {
            throw PipelineError(.corrupt, "\(reader.path): HORIZONTAL_CS_CODE is '\(text)'; EPSG:<number> is expected")
        }
        return code
    }

    private static func grids(_ reader: MetadataReader, geocoding: XMLElement) throws -> [Resolution: PixelGrid] {
        var grids: [Resolution: PixelGrid] = [:]
        for resolution in Resolution.allCases {
            let name = String(resolution.metres)
            guard let size = geocoding.children("Size").first(where: { $0.attributes["resolution"] == name }),
                let position = geocoding.children("Geoposition").first(where: { $0.attributes["resolution"] == name })
            else { throw PipelineError(.corrupt, "\(reader.path) lacks the geocoding of \(name) m") }
            guard try reader.number("XDIM", in: position) == Double(resolution.metres),
                try reader.number("YDIM", in: position) == -Double(resolution.metres)
            else {
                throw PipelineError(.corrupt, "\(reader.path): XDIM and YDIM at \(name) m are not \(name) and -\(name)")
            }
            grids[resolution] = PixelGrid(
                width: try reader.integer("NCOLS", in: size, within: 1...Int(Int32.max)),
                height: try reader.integer("NROWS", in: size, within: 1...Int(Int32.max)),
                left: try reader.number("ULX", in: position),
                top: try reader.number("ULY", in: position),
                metres: resolution.metres
            )
        }
        return grids
    }

    // Some real products have NaN as the angles of bands that saw little of the tile.
    private static func viewAngles(_ reader: MetadataReader) -> [Band: Angles] {
        var views: [Band: Angles] = [:]
        for element in reader.root.all("Mean_Viewing_Incidence_Angle") {
            guard let band = try? reader.band(of: element) else { continue }
            views[band] = angles(element, reader: reader)
        }
        return views
    }

    private static func angles(_ element: XMLElement?, reader: MetadataReader) -> Angles {
        guard let element else { return Angles(zenith: .nan, azimuth: .nan) }
        return Angles(
            zenith: reader.information("ZENITH_ANGLE", in: element),
            azimuth: reader.information("AZIMUTH_ANGLE", in: element)
        )
    }
}
