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
    /// What to add to the DN of each band, in the order of ``Band``; 0 before baseline 04.00 where none are listed.
    public let radiometricOffsets: [Int]
    /// The wavelengths of the bands that the metadata list; the oldest products list none.
    public let wavelengths: [Band: Wavelength]
    /// Percent of the product that clouds cover; NaN where the metadata do not say.
    public let cloudCover: Double
    /// The identifier of the datastrip; products of one datatake and tile differ in it.
    public let datastripIdentifier: String

    /// The DN that means "no data".
    public static let noDataValue = 0
    /// The DN that means "saturated", beyond what 15-bit files can hold.
    public static let saturatedValue = 65_535

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
        let baseline = try Self.baseline(processingBaseline, path: path)
        let datatake = try reader.element("Datatake")
        platform = try reader.text("SPACECRAFT_NAME", in: datatake)
        relativeOrbit = try reader.integer("SENSING_ORBIT_NUMBER", in: datatake, within: 1...143)
        absoluteOrbit = Self.absoluteOrbit(datatake.attributes["datatakeIdentifier"])
        orbitDirection = try reader.text("SENSING_ORBIT_DIRECTION", in: datatake)
        let image = try reader.element("Product_Image_Characteristics")
        quantificationValue = try reader.number("QUANTIFICATION_VALUE", in: image)
        radiometricOffsets = try Self.offsets(image, baseline: baseline, reader: reader)
        try Self.checkSpecialValue("NODATA", is: Self.noDataValue, image: image, reader: reader)
        try Self.checkSpecialValue(
            "SATURATED",
            is: Self.saturatedValue,
            image: image,
            reader: reader
        )
        wavelengths = Self.wavelengths(image, reader: reader)
        cloudCover = reader.information("Cloud_Coverage_Assessment")
        datastripIdentifier = try Self.datastrip(reader)
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

    private static func baseline(_ text: String, path: String) throws(PipelineError) -> Baseline {
        do {
            return try Baseline(text)
        } catch {
            throw PipelineError(.corrupt, "\(path): <PROCESSING_BASELINE>: \(error.message)")
        }
    }

    // Complete, or before baseline 04.00 absent; reprocessed older products may have it too.
    private static func offsets(_ image: XMLElement, baseline: Baseline, reader: MetadataReader) throws -> [Int] {
        var found: [Band: Int] = [:]
        for element in image.all("RADIO_ADD_OFFSET") {
            guard let value = Int(element.text), (-32_768...32_767).contains(value) else {
                throw PipelineError(.corrupt, "\(reader.path): RADIO_ADD_OFFSET is '\(element.text.prefix(40))'")
            }
            guard found.updateValue(value, forKey: try reader.band(of: element)) == nil else {
                throw PipelineError(.corrupt, "\(reader.path) lists RADIO_ADD_OFFSET of one band twice")
            }
        }
        if found.isEmpty, !baseline.addsRadiometricOffset { return Band.allCases.map { _ in 0 } }
        let missing = Band.allCases.filter { found[$0] == nil }.map(\.name)
        guard missing.isEmpty else {
            let bands = missing.joined(separator: " ")
            let reason = "which baseline \(baseline) must give; DN without it are wrong by up to 1000"
            throw PipelineError(
                .corrupt,
                "\(reader.path) lacks RADIO_ADD_OFFSET of \(bands), \(reason); fetch the product again"
            )
        }
        return Band.allCases.compactMap { found[$0] }
    }

    // Every format here declares these two values once for all products.
    private static func checkSpecialValue(
        _ name: String,
        is expected: Int,
        image: XMLElement,
        reader: MetadataReader
    ) throws {
        for element in image.all("Special_Values") where element.child("SPECIAL_VALUE_TEXT")?.text == name {
            let value = try reader.integer("SPECIAL_VALUE_INDEX", in: element, within: 0...65_535)
            guard value == expected else {
                let text = "\(reader.path): the special value \(name) is \(value)"
                throw PipelineError(.unsupported, "\(text); only products where it is \(expected) are handled")
            }
            return
        }
        throw PipelineError(.corrupt, "\(reader.path) lists no special value \(name); fetch the product again")
    }

    // Products of the oldest baselines list none.
    private static func wavelengths(_ image: XMLElement, reader: MetadataReader) -> [Band: Wavelength] {
        var found: [Band: Wavelength] = [:]
        for element in image.all("Spectral_Information") {
            guard let band = try? reader.band(of: element) else { continue }
            let wavelength = Wavelength(
                central: reader.information("CENTRAL", in: element),
                minimum: reader.information("MIN", in: element),
                maximum: reader.information("MAX", in: element)
            )
            found[band] = wavelength.central.isNaN ? nil : wavelength
        }
        return found
    }

    // `Granules` in products of the format's first versions.
    private static func datastrip(_ reader: MetadataReader) throws(PipelineError) -> String {
        let granule = reader.root.first("Granule") ?? reader.root.first("Granules")
        guard let identifier = granule?.attributes["datastripIdentifier"], !identifier.isEmpty else {
            throw PipelineError(
                .corrupt,
                "\(reader.path) lacks the datastripIdentifier of its granule; fetch the product again"
            )
        }
        return identifier
    }
}
