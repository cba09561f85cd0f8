import CGDAL

/// Descriptions of coordinate reference systems out of PROJ's database.
public enum SpatialReference {
    /// The WKT 1 text of a system by its EPSG code, as GDAL and CF's `crs_wkt` understand it.
    ///
    /// Wraps `OSRImportFromEPSG` and `OSRExportToWkt`.
    public static func wellKnownText(epsg: Int) throws(PipelineError) -> String {
        try GDALLibrary.prepare()
        let reference = unsafe gdal.OSRNewSpatialReference(nil)
        defer { unsafe gdal.OSRDestroySpatialReference(reference) }
        var text: UnsafeMutablePointer<CChar>?
        defer { unsafe gdal.VSIFree(text) }
        guard unsafe gdal.OSRImportFromEPSG(reference, Int32(clamping: epsg)) == OGRERR_NONE,
            unsafe gdal.OSRExportToWkt(reference, &text) == OGRERR_NONE, let text = unsafe text
        else {
            let message = "EPSG:\(epsg) is not in PROJ's database; check PROJ_DATA and the installation of proj-data"
            throw PipelineError(.system, message, cause: GDALLibrary.lastError())
        }
        return unsafe String(cString: unsafe text)
    }
}
