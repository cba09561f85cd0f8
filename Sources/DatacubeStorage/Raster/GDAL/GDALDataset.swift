import CGDAL

/// An open raster; closed when it goes out of scope.
///
/// Wraps `GDALDatasetH`. Not for use by two threads at a time: GDAL's datasets are not safe for that.
@safe public struct GDALDataset: ~Copyable {
    /// Where it was opened, for error texts.
    public let path: String
    let handle: GDALDatasetH
    private var isOpen = true

    /// Opens a file, or anything else that GDAL opens such as the name of a subdataset, for reading.
    ///
    /// `drivers` names those to try, all of them when empty; `options` are open options, `KEY=VALUE`.
    public init(reading path: String, drivers: [String] = [], options: [String] = []) throws(PipelineError) {
        try GDALLibrary.prepare()
        let flags = UInt32(GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR)
        unsafe gdal.CPLErrorReset()
        let handle = unsafe GDALLibrary.withOptions(drivers) { drivers in
            unsafe GDALLibrary.withOptions(options) { options in
                unsafe gdal.GDALOpenEx(path, flags, GDALLibrary.constant(drivers), GDALLibrary.constant(options), nil)
            }
        }
        guard let handle = unsafe handle else {
            let message = "cannot open raster \(path); check that it exists and is complete"
            throw PipelineError(.unreadable, message, cause: GDALLibrary.lastError())
        }
        self.path = path
        unsafe self.handle = unsafe handle
    }

    /// Takes over a handle that was just created.
    init(adopting handle: GDALDatasetH, path: String) {
        self.path = path
        unsafe self.handle = unsafe handle
    }

    deinit {
        if isOpen { _ = unsafe gdal.GDALClose(handle) }
    }

    /// Closes the raster and tells whether all was written: drivers flush when they close.
    public consuming func close() throws(PipelineError) {
        unsafe gdal.CPLErrorReset()
        // GDALClose returns a status only since GDAL 3.7; the last error tells the same in every version.
        _ = unsafe gdal.GDALClose(handle)
        isOpen = false
        guard unsafe gdal.CPLGetLastErrorType().rawValue < CE_Failure.rawValue else {
            let message = "cannot finish writing \(path); check space and permissions there"
            throw PipelineError(.unwritable, message, cause: GDALLibrary.lastError())
        }
    }

    /// Columns.
    public var width: Int { unsafe Int(gdal.GDALGetRasterXSize(handle)) }

    /// Rows.
    public var height: Int { unsafe Int(gdal.GDALGetRasterYSize(handle)) }

    /// Number of bands.
    public var bandCount: Int { unsafe Int(gdal.GDALGetRasterCount(handle)) }

    /// The names of the subdatasets, as they can be opened.
    public var subdatasets: [String] {
        let pairs = unsafe gdal.GDALGetMetadata(handle, "SUBDATASETS")
        var names: [String] = []
        while let name = unsafe gdal.CSLFetchNameValue(pairs, "SUBDATASET_\(names.count + 1)_NAME") {
            unsafe names.append(String(cString: name))
        }
        return names
    }

    /// Where the pixels lie, or nil when the raster does not say.
    public var georeference: Georeference? {
        var transform = [Double](repeating: 0, count: 6)
        guard unsafe gdal.GDALGetGeoTransform(handle, &transform) == CE_None,
            let reference = unsafe gdal.GDALGetSpatialRef(handle),
            let code = unsafe gdal.OSRGetAuthorityCode(reference, nil), let epsg = unsafe Int(String(cString: code))
        else { return nil }
        return Georeference(epsg: epsg, west: transform[0], north: transform[3], pixelSize: transform[1])
    }

    /// Reads a window of one band, counted from 1, row by row into `buffer`.
    public func read<Pixel: RasterPixel>(
        band number: Int,
        window: PixelWindow,
        into buffer: UnsafeMutableBufferPointer<Pixel>
    ) throws(PipelineError) {
        precondition(buffer.count >= window.pixelCount, "the buffer is smaller than the window")
        let status = unsafe gdal.GDALRasterIO(
            gdal.GDALGetRasterBand(handle, Int32(number)),
            GF_Read,
            Int32(window.columns.lowerBound),
            Int32(window.rows.lowerBound),
            Int32(window.width),
            Int32(window.height),
            buffer.baseAddress,
            Int32(window.width),
            Int32(window.height),
            Pixel.gdalType,
            0,
            0
        )
        guard status == CE_None else {
            let message = "cannot read band \(number) of \(path); the file may be damaged or incomplete"
            throw PipelineError(.unreadable, message, cause: GDALLibrary.lastError())
        }
    }

    /// Reads a window of all bands, band after band, each row by row into `buffer`.
    ///
    /// Wraps `GDALDatasetRasterIOEx`.
    public func readAllBands<Pixel: RasterPixel>(
        window: PixelWindow,
        into buffer: UnsafeMutableBufferPointer<Pixel>
    ) throws(PipelineError) {
        precondition(buffer.count >= window.pixelCount * bandCount, "the buffer is smaller than the window")
        let size = MemoryLayout<Pixel>.stride
        let status = unsafe gdal.GDALDatasetRasterIOEx(
            handle,
            GF_Read,
            Int32(window.columns.lowerBound),
            Int32(window.rows.lowerBound),
            Int32(window.width),
            Int32(window.height),
            buffer.baseAddress,
            Int32(window.width),
            Int32(window.height),
            Pixel.gdalType,
            Int32(bandCount),
            nil,
            GSpacing(size),
            GSpacing(size * window.width),
            GSpacing(size * window.pixelCount),
            nil
        )
        guard status == CE_None else {
            let message = "cannot read \(path); the file may be damaged or incomplete"
            throw PipelineError(.unreadable, message, cause: GDALLibrary.lastError())
        }
    }
}
