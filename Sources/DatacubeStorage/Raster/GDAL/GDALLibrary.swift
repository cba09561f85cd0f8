import CGDAL

/// The one door to GDAL: the library, drivers, process-wide settings, the words of its last error.
///
/// How many threads a driver may use (`GDAL_NUM_THREADS`) is the caller's decision, made per call with
/// ``withThreadSettings(_:_:)``: a job that already fills the cores with one file each wants one, a tool that reads
/// a single file wants all.
enum GDALLibrary {
    /// Version of the headers, to which the library that is loaded belongs; told without loading it.
    static let version = GDAL_RELEASE_NAME

    // 128 MiB instead of GDAL's 5 % of the memory, which on a large node is more than Slurm grants the job. Pixels
    // live in buffers of ours; the cache only has to hold the blocks that a driver is just working on.
    private static let cacheBytes: Int64 = 128 << 20

    private static let loading: Result<Void, PipelineError> = {
        if let reason = unsafe gdal_load() {
            let message = "GDAL cannot be loaded; install libgdal-dev, or name its folder in LD_LIBRARY_PATH"
            return unsafe .failure(PipelineError(.system, message, cause: String(cString: reason)))
        }
        // Every failure is thrown as a PipelineError; the default handler would print it to standard error as well.
        _ = unsafe gdal.CPLSetErrorHandler(gdal.CPLQuietErrorHandler)
        unsafe gdal.CPLSetConfigOption("CPL_DEBUG", "OFF")
        unsafe gdal.GDALSetCacheMax64(cacheBytes)
        unsafe gdal.GDALAllRegister()
        return .success(())
    }()

    /// Loads the library and registers drivers and settings, once in a process; before it no function of `gdal` is there.
    ///
    /// - Throws: `system` with the linker's words.
    static func prepare() throws(PipelineError) { try loading.get() }

    /// GDAL's words for the last failure on this thread; read them right after the call that failed.
    static func lastError() -> String { unsafe gdal.CPLGetLastErrorMsg().map { unsafe String(cString: $0) } ?? "" }

    /// A driver by its short name.
    static func driver(_ name: String) throws(PipelineError) -> GDALDriverH {
        try prepare()
        guard let driver = unsafe gdal.GDALGetDriverByName(name) else {
            throw PipelineError(.system, "this GDAL has no \(name) driver; install a build that includes it")
        }
        return unsafe driver
    }

    /// Runs `body` with GDAL settings that hold on this thread only.
    static func withThreadSettings<Value>(_ settings: [String: String], body: () throws -> Value) throws -> Value {
        try prepare()
        for (key, value) in settings { unsafe gdal.CPLSetThreadLocalConfigOption(key, value) }
        defer { for key in settings.keys { unsafe gdal.CPLSetThreadLocalConfigOption(key, nil) } }
        return try body()
    }

    /// Runs `body` with a list of `KEY=VALUE` strings as GDAL takes options.
    static func withOptions<Result>(
        _ options: [String],
        body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) throws -> Result
    ) rethrows -> Result {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        for option in options { unsafe list = gdal.CSLAddString(list, option) }
        defer { unsafe gdal.CSLDestroy(list) }
        return try unsafe body(list)
    }

    /// The same list as those functions take it that declare it constant.
    static func constant(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> UnsafePointer<
        UnsafePointer<CChar>?
    >? {
        unsafe UnsafeRawPointer(list)?.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }
}
