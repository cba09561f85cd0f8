import Synchronization

extension COGSource {
    /// Reads the metadata files beside the GeoTIFFs, and what these say of their bands.
    func description(on executor: BlockingExecutor) async throws -> UnitDescription {
        let described = Mutex<[Int: (product: HeldProduct, statements: [Statement])]>([:])
        try await executor.forEach(names.count) { index in
            let description = try describe(index)
            described.withLock { $0[index] = description }
        }
        let all = described.withLock { $0 }.values
        let dates = all.map { ($0.product.identifier, $0.statements) }
        return UnitDescription(products: all.map(\.product), dates: Dictionary(dates) { first, _ in first })
    }

    /// Reads the metadata files beside the GeoTIFFs.
    func recordedDates(on executor: BlockingExecutor) async throws -> [Resolution: RecordedDates] {
        let found = Mutex<[Int: (ProductMetadata, TileMetadata)]>([:])
        try await executor.forEach(names.count) { index in
            let metadata = try metadata(of: names[index])
            found.withLock { $0[index] = metadata }
        }
        let all = found.withLock { $0 }
        let described = names.enumerated().compactMap { index, name in
            all[index].map { (name.identifier, $0.0, $0.1) }
        }
        return try Dictionary(uniqueKeysWithValues: resolutions.map { ($0, try RecordedDates(described, $0)) })
    }

    private func metadata(of name: ProductName) throws -> (product: ProductMetadata, tile: TileMetadata) {
        let (product, tile) = ("MTD_MSIL1C.xml", "MTD_TL.xml")
        return (
            try ProductMetadata(document(product, of: name), path: path(product, of: name)),
            try TileMetadata(document(tile, of: name), path: path(tile, of: name))
        )
    }

    private func describe(_ index: Int) throws -> (HeldProduct, [Statement]) {
        let name = names[index]
        var statements: [Statement] = []
        let result = try PipelineError.result { () -> ProductMetadata in
            let (product, tile) = try metadata(of: name)
            statements =
                ProductStatements(of: name.identifier, metadata: product, tile: tile, resolutions: resolutions).all
            for resolution in resolutions {
                guard let image = images[index][resolution] else { continue }
                statements += try GeoTIFFStatements(image, resolution: resolution).all()
            }
            return product
        }
        switch result {
        case .success(let metadata):
            return (HeldProduct(name: name, datastrip: metadata.datastripIdentifier, state: .used), statements)
        case .failure(let error):
            return (HeldProduct(name: name, datastrip: nil, state: .unusable(error)), statements)
        }
    }

    private func path(_ document: String, of name: ProductName) -> String {
        "\(store)/\(COGLayout.key(of: name))/\(document)"
    }

    private func document(_ document: String, of name: ProductName) throws -> [UInt8] {
        let key = "\(COGLayout.key(of: name))/\(document)"
        if let content = try store.get(key, limit: SAFEProduct.largestDocument) { return content }
        throw PipelineError(.notFound, "\(store)/\(key) does not exist; convert the product again")
    }
}

/// What a GeoTIFF says of itself.
private struct GeoTIFFStatements {
    private let image: GeoTIFFImage
    private let resolution: Resolution
    private var origin: String { FileSystem.name(of: image.key) }

    // What safe2cog calls what cubes have variables for.
    private static let items = [
        "PRODUCT_URI": "product_uri", "PRODUCT_START_TIME": "time", "PROCESSING_BASELINE": "processing_baseline",
        "SPACECRAFT_NAME": "platform", "SENSING_ORBIT_NUMBER": "relative_orbit",
        "SENSING_ORBIT_DIRECTION": "orbit_direction", "CLOUD_COVERAGE_ASSESSMENT": "cloud_cover",
    ]

    init(_ image: GeoTIFFImage, resolution: Resolution) { (self.image, self.resolution) = (image, resolution) }

    func all() throws -> [Statement] {
        let metadata = try image.metadata()
        let items = metadata.items.sorted { $0.key < $1.key }.compactMap { name, value in
            Self.items[name].map { Statement($0, value, in: origin) }
        }
        return items + placement + bands(metadata.bands) + radiometry(metadata.bands)
            + [.noData(metadata.noData ?? Statement.absent, at: resolution, in: origin)]
    }

    private var placement: [Statement] {
        let (place, size) = (image.georeference, image.georeference.pixelSize)
        return [.system(epsg: place.epsg, at: resolution, in: origin)]
            + Statement.axes(
                [size, 0, place.west, 0, -size, place.north],
                width: image.width,
                height: image.height,
                at: resolution,
                in: origin
            )
    }

    private func bands(_ bands: [[String: String]]) -> [Statement] {
        let named = ["DESCRIPTION", "BANDNAME"].map { item in
            Statement.bands(bands.map { $0[item] ?? Statement.absent }, at: resolution, in: "\(origin), \(item)")
        }
        let central = bands.map { $0["WAVELENGTH"].flatMap(Double.init) ?? .nan }
        return named + [.wavelengths(central, at: resolution, in: "\(origin), WAVELENGTH")]
    }

    /// Scale and offset, by which DN become reflectances, as the numbers that they were made of.
    private func radiometry(_ bands: [[String: String]]) -> [Statement] {
        let scales = bands.map { $0["SCALE"].flatMap(Double.init) ?? .nan }
        let offsets = zip(bands, scales).map { ($0["OFFSET"].flatMap(Double.init) ?? .nan) / $1 }
        let quantification = Set(scales.map { Self.number(1 / $0) }).sorted().joined(separator: " ")
        return [
            Statement("quantification_value", quantification, in: "\(origin), SCALE"),
            Statement(
                "radiometric_add_offset",
                at: resolution,
                offsets.map { Self.whole($0) }.joined(separator: " "),
                in: "\(origin), OFFSET"
            ),
        ]
    }

    // Quotients of quotients: whole numbers come out with some error in the last digits.
    private static func number(_ value: Double) -> String {
        "\(abs(value - value.rounded()) < 1e-6 ? value.rounded() : value)"
    }

    private static func whole(_ value: Double) -> String {
        let text = number(value)
        return Int32(exactly: Double(text) ?? .nan).map { "\($0)" } ?? text
    }
}
