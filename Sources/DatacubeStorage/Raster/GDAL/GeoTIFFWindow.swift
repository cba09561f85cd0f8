/// Reads windows of GeoTIFFs.
public enum GeoTIFFWindow {
    /// Opens a file, reads a window of all its bands, band after band, and closes it.
    ///
    /// - Throws: ``PipelineError`` when the file is absent, damaged or smaller than the window.
    public static func read(
        _ path: String,
        _ window: PixelWindow,
        bands: Int,
        into buffer: UnsafeMutableBufferPointer<UInt16>
    ) throws {
        // Without a look at the folder GDAL does not search for sidecar files, which costs a round trip on Lustre.
        try GDALLibrary.withThreadSettings(["GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_NUM_THREADS": "1"]) {
            let dataset = try GDALDataset(reading: path, drivers: ["GTiff"])
            guard dataset.bandCount == bands, window.columns.upperBound <= dataset.width,
                window.rows.upperBound <= dataset.height
            else {
                let found = "\(dataset.bandCount) bands of \(dataset.width) x \(dataset.height) pixels"
                throw PipelineError(.mismatch, "\(path) has \(found); convert the product again")
            }
            try unsafe dataset.readAllBands(window: window, into: buffer)
        }
    }
}
