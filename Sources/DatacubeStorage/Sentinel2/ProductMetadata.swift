/// What `MTD_MSIL1C.xml` says of a product.
public struct ProductMetadata: Sendable, Equatable {
    /// Wavelengths of a band in nanometres.
    public struct Wavelength: Sendable, Equatable {
        /// Centre of the band.
        public let central: Double
        /// Lower end.
        public let minimum: Double
        /// Upper end.
        public let maximum: Double
    }

    /// The product's name with `.SAFE` (`PRODUCT_URI`).
    public let productURI: String
    /// Sensing start of the product's datatake, to the millisecond.
    public let startTime: Timestamp
    /// `05.10`.
    public let processingBaseline: String
    /// `Sentinel-2A`.
    public let platform: String
    /// Relative orbit, 1 to 143.
    public let relativeOrbit: Int
    /// Absolute orbit, from the datatake identifier `GS2A_…_047000_N05.10`; nil when that has another form.
    public let absoluteOrbit: Int?
    /// `DESCENDING` or `ASCENDING`.
    public let orbitDirection: String
    /// DN divided by this, after ``radiometricOffsets``, is the reflectance.
    public let quantificationValue: Double
    /// What to add to the DN of each band, in the order of ``Band``; 0 where the metadata list none.
    public let radiometricOffsets: [Int]
    /// The DN that means "no data" (0).
    public let noDataValue: Int
    /// The DN that means "saturated" (65535, beyond what 15-bit files can hold).
    public let saturatedValue: Int
    /// Per band in the order of ``Band``; empty where the metadata do not list them all.
    public let wavelengths: [Wavelength]
    /// Percent of the product that clouds cover.
    public let cloudCover: Double
    /// The identifier of the datastrip; products of one datatake and tile differ in it.
    public let datastripIdentifier: String?

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
        let reader = try MetadataReader(content, path: path, root: "Level-1C_User_Product")
        productURI = try reader.text("PRODUCT_URI")
        startTime = try reader.time("PRODUCT_START_TIME")
        processingBaseline = try reader.text("PROCESSING_BASELINE")
        let datatake = try reader.element("Datatake")
        platform = try reader.text("SPACECRAFT_NAME", in: datatake)
        relativeOrbit = try reader.integer("SENSING_ORBIT_NUMBER", in: datatake)
        absoluteOrbit = ProductMetadata.absoluteOrbit(datatake.attributes["datatakeIdentifier"])
        orbitDirection = try reader.text("SENSING_ORBIT_DIRECTION", in: datatake)
        let image = try reader.element("Product_Image_Characteristics")
        quantificationValue = try reader.number("QUANTIFICATION_VALUE", in: image)
        radiometricOffsets = try ProductMetadata.offsets(image, reader)
        noDataValue = try ProductMetadata.specialValue("NODATA", image, reader)
        saturatedValue = try ProductMetadata.specialValue("SATURATED", image, reader)
        wavelengths = try ProductMetadata.wavelengths(image, reader)
        cloudCover = try reader.number("Cloud_Coverage_Assessment")
        datastripIdentifier = reader.root.first("Granule")?.attributes["datastripIdentifier"]
        guard quantificationValue > 0 else {
            throw PipelineError(
                .corrupt,
                "\(path): QUANTIFICATION_VALUE is \(quantificationValue); it must be positive"
            )
        }
    }

    private static func absoluteOrbit(_ datatakeIdentifier: String?) -> Int? {
        guard let parts = datatakeIdentifier?.split(separator: "_"), parts.count == 4 else { return nil }
        return Int(parts[2])
    }

    // The list exists from baseline 04.00 on, in reprocessed older products too: absent means zero.
    private static func offsets(_ image: XMLElement, _ reader: MetadataReader) throws -> [Int] {
        var offsets = [Int](repeating: 0, count: Band.allCases.count)
        for element in image.all("RADIO_ADD_OFFSET") {
            guard let value = Int(element.text), (-32_768...32_767).contains(value) else {
                throw PipelineError(.corrupt, "\(reader.path): RADIO_ADD_OFFSET is '\(element.text.prefix(40))'")
            }
            offsets[try reader.band(of: element).rawValue] = value
        }
        return offsets
    }

    private static func specialValue(_ name: String, _ image: XMLElement, _ reader: MetadataReader) throws -> Int {
        for element in image.all("Special_Values") where element.child("SPECIAL_VALUE_TEXT")?.text == name {
            return try reader.integer("SPECIAL_VALUE_INDEX", in: element)
        }
        throw PipelineError(.corrupt, "\(reader.path) lists no special value \(name)")
    }

    private static func wavelengths(_ image: XMLElement, _ reader: MetadataReader) throws -> [Wavelength] {
        var found: [Band: Wavelength] = [:]
        for element in image.all("Spectral_Information") {
            found[try reader.band(of: element)] = Wavelength(
                central: try reader.number("CENTRAL", in: element),
                minimum: try reader.number("MIN", in: element),
                maximum: try reader.number("MAX", in: element)
            )
        }
        let all = Band.allCases.compactMap { found[$0] }
        return all.count == Band.allCases.count ? all : []
    }
}
