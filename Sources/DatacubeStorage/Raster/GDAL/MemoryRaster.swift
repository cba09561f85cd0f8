import CGDAL

/// The pixel types of Sentinel-2 rasters.
public protocol RasterPixel: BitwiseCopyable, Sendable {}

extension UInt8: RasterPixel {}
extension UInt16: RasterPixel {}

extension RasterPixel {
    static var gdalType: GDALDataType { MemoryLayout<Self>.size == 1 ? GDT_Byte : GDT_UInt16 }
}

/// Describes pixels that lie in memory already, so that GDAL's drivers can write them to a file without a copy.
///
/// The dataset exists only inside the closure of ``withDataset(of:_:)``; neither it nor the pointers outlive it.
public struct MemoryRaster: Sendable {
    /// What a driver records about one band.
    public struct Band: Sendable {
        /// The name that readers show, for example `B02`.
        public var name: String
        /// The value of pixels that hold nothing.
        public var noData: Double?
        /// Factor from stored to physical values.
        public var scale: Double?
        /// Summand from stored to physical values, applied after the factor.
        public var offset: Double?
        /// Further items of the band, for example its wavelength.
        public var metadata: [String: String]

        /// Describes a band.
        public init(
            _ name: String,
            noData: Double? = nil,
            scale: Double? = nil,
            offset: Double? = nil,
            metadata: [String: String] = [:]
        ) {
            self.name = name
            self.noData = noData
            self.scale = scale
            self.offset = offset
            self.metadata = metadata
        }
    }

    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Where the pixels lie; nil for an image without a place.
    public var georeference: Georeference?
    /// The bands, in order.
    public var bands: [Band]
    /// Items of the whole raster.
    public var metadata: [String: String]

    /// Describes a raster.
    public init(
        width: Int,
        height: Int,
        georeference: Georeference?,
        bands: [Band],
        metadata: [String: String] = [:]
    ) {
        self.width = width
        self.height = height
        self.georeference = georeference
        self.bands = bands
        self.metadata = metadata
    }

    /// Runs `body` with a dataset over the caller's pixels, one plane of `width * height` pixels for each band.
    public func withDataset<Pixel: RasterPixel, Result>(
        of planes: [UnsafeMutableBufferPointer<Pixel>],
        _ body: (borrowing GDALDataset) throws -> Result
    ) throws -> Result {
        unsafe precondition(planes.count == bands.count, "one plane of pixels is needed for each band")
        unsafe precondition(planes.allSatisfy { $0.count == width * height }, "a plane does not have the raster's size")
        let name = "memory raster \(width)x\(height)"
        let driver = try unsafe GDALLibrary.driver("MEM")
        guard let handle = unsafe gdal.GDALCreate(driver, name, Int32(width), Int32(height), 0, Pixel.gdalType, nil)
        else {
            throw PipelineError(.system, "GDAL cannot create a \(name)", cause: GDALLibrary.lastError())
        }
        let dataset = unsafe GDALDataset(adopting: handle, path: name)
        for index in unsafe planes.indices { try unsafe add(planes[index], to: dataset) }
        try describe(dataset)
        return try body(dataset)
    }

    private func add<Pixel: RasterPixel>(
        _ plane: UnsafeMutableBufferPointer<Pixel>,
        to dataset: borrowing GDALDataset
    ) throws(PipelineError) {
        let address = "DATAPOINTER=0x" + String(UInt(bitPattern: plane.baseAddress), radix: 16)
        let status = unsafe GDALLibrary.withOptions([address]) {
            unsafe gdal.GDALAddBand(dataset.handle, Pixel.gdalType, $0)
        }
        guard status == CE_None else {
            throw PipelineError(.system, "GDAL cannot take over pixels in memory", cause: GDALLibrary.lastError())
        }
    }

    private func describe(_ dataset: borrowing GDALDataset) throws(PipelineError) {
        if let georeference { try georeference.apply(to: dataset) }
        for (key, value) in metadata {
            try require(unsafe gdal.GDALSetMetadataItem(dataset.handle, key, value, nil), item: key)
        }
        for (index, band) in bands.enumerated() {
            guard let handle = unsafe gdal.GDALGetRasterBand(dataset.handle, Int32(index + 1)) else { continue }
            try unsafe describe(handle, as: band)
        }
    }

    private func describe(_ handle: GDALRasterBandH, as band: Band) throws(PipelineError) {
        unsafe gdal.GDALSetDescription(handle, band.name)
        if let value = band.noData { try require(unsafe gdal.GDALSetRasterNoDataValue(handle, value), item: "no data") }
        if let value = band.scale { try require(unsafe gdal.GDALSetRasterScale(handle, value), item: "scale") }
        if let value = band.offset { try require(unsafe gdal.GDALSetRasterOffset(handle, value), item: "offset") }
        for (key, value) in band.metadata {
            try require(unsafe gdal.GDALSetMetadataItem(handle, key, value, nil), item: key)
        }
    }

    private func require(_ status: CPLErr, item: String) throws(PipelineError) {
        guard status == CE_None else {
            throw PipelineError(.system, "GDAL cannot take \(item) of a raster", cause: GDALLibrary.lastError())
        }
    }
}

extension Georeference {
    fileprivate func apply(to dataset: borrowing GDALDataset) throws(PipelineError) {
        var transform = [west, pixelSize, 0, north, 0, -pixelSize]
        let reference = unsafe gdal.OSRNewSpatialReference(nil)
        defer { unsafe gdal.OSRDestroySpatialReference(reference) }
        guard unsafe gdal.OSRImportFromEPSG(reference, Int32(epsg)) == OGRERR_NONE else {
            let message = "EPSG:\(epsg) is not in PROJ's database; check PROJ_DATA and the installation of proj-data"
            throw PipelineError(.system, message, cause: GDALLibrary.lastError())
        }
        unsafe gdal.OSRSetAxisMappingStrategy(reference, OAMS_TRADITIONAL_GIS_ORDER)
        guard unsafe gdal.GDALSetSpatialRef(dataset.handle, reference) == CE_None,
            unsafe gdal.GDALSetGeoTransform(dataset.handle, &transform) == CE_None
        else {
            throw PipelineError(.system, "GDAL cannot georeference \(dataset.path)", cause: GDALLibrary.lastError())
        }
    }
}
