// GDAL's interface for file systems of others: https://gdal.org/user/virtual_file_systems.html, cpl_vsi.h
import CGDAL
import Glibc
import Synchronization

/// Files that GDAL's drivers write by calls of ours, which keep the first failure of each.
///
/// Drivers lose some: what the disk refuses of the last bytes of a GeoTIFF is dropped by the library below, and the file
/// counts as written; and of others they tell in words that do not name the cause.
enum GDALOutput {
    // Whatever GDAL opens by a name that begins so comes here.
    private static let prefix = "/datacube-storage-output/"

    /// What is being written, each with its first failure; a driver's side files have names that begin with it.
    private static let failures = Mutex<[String: PipelineError?]>([:])

    /// Has a driver write a file under the name that it gets.
    ///
    /// - Throws: The first failure of the file, whatever the driver made of it; or what `body` throws.
    static func write(_ path: String, _ body: (_ name: String) throws -> Void) throws {
        try installation.get()
        failures.withLock { $0[path] = .some(nil) }
        unsafe gdal.CPLErrorReset()
        let result = Result { try body(prefix + path) }
        let failure = failures.withLock { $0.removeValue(forKey: path) ?? nil }
        if case .failure(let error) = result, error is CancellationError { throw error }
        if let failure { throw failure }
        try result.get()
    }

    /// Why a driver would not write a file, in its own words; to be asked right after it, on the same thread.
    static func refusal(of path: String) -> PipelineError {
        let cause = GDALLibrary.lastError().replacing(prefix, with: "")
        return PipelineError(.unwritable, "cannot write \(path); check space and permissions there", cause: cause)
    }

    /// Does something with a file, or keeps why it failed and returns nil.
    fileprivate static func attempt<Value>(_ path: String, _ action: () throws(PipelineError) -> Value) -> Value? {
        do throws(PipelineError) {
            return try action()
        } catch {
            keep(error, of: path)
            return nil
        }
    }

    fileprivate static func keep(_ error: PipelineError, of path: String) {
        failures.withLock { failures in
            for (written, failure) in failures where failure == nil && path.hasPrefix(written) {
                failures[written] = error
            }
        }
    }

    private static let installation: Result<Void, PipelineError> = Result { () throws(PipelineError) in
        try GDALLibrary.prepare()
        guard let calls = unsafe gdal.VSIAllocFilesystemPluginCallbacksStruct() else {
            throw PipelineError(.system, "GDAL has no memory left")
        }
        defer { unsafe gdal.VSIFreeFilesystemPluginCallbacksStruct(calls) }
        unsafe gdal_look_and_remove(calls)
        unsafe calls.pointee.open = { _, path, access in unsafe OutputFile.open(path, access) }
        unsafe calls.pointee.tell = { unsafe vsi_l_offset(OutputFile.at($0).offset) }
        unsafe calls.pointee.seek = { unsafe OutputFile.at($0).seek($1, from: $2) }
        unsafe calls.pointee.read = { unsafe OutputFile.at($0).read(into: $1, size: $2, count: $3) }
        unsafe calls.pointee.eof = { unsafe OutputFile.at($0).hasMetEnd ? 1 : 0 }
        unsafe calls.pointee.write = { unsafe OutputFile.at($0).write($1, size: $2, count: $3) }
        unsafe calls.pointee.truncate = { unsafe OutputFile.at($0).truncate(to: $1) }
        unsafe calls.pointee.flush = { _ in 0 }
        unsafe calls.pointee.close = { unsafe OutputFile.close($0) }
        // GDAL keeps the pointer and not the characters.
        guard unsafe gdal.VSIInstallPluginHandler(strdup(prefix), calls) == 0 else {
            throw PipelineError(.system, "GDAL takes no files of others", cause: GDALLibrary.lastError())
        }
    }
}

/// An open file with the place where GDAL reads or writes next.
private final class OutputFile {
    private var file: LocalFile?
    private let path: String
    private(set) var offset = 0
    private(set) var hasMetEnd = false

    private init(_ path: String, isEmptied: Bool) throws(PipelineError) {
        self.path = path
        file = try LocalFile(updating: path, emptied: isEmptied)
    }

    /// Takes the modes of `fopen`; whoever reads only has an own descriptor for writing, which harms nobody.
    static func open(_ path: UnsafePointer<CChar>?, _ access: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
        guard let path = unsafe path, let access = unsafe access else { return nil }
        let (name, mode) = unsafe (String(cString: path), String(cString: access))
        // Nobody made it yet: no failure, for drivers look first what is there.
        if !mode.hasPrefix("w"), unsafe Glibc.access(path, F_OK) != 0 { return nil }
        let file = GDALOutput.attempt(name) { () throws(PipelineError) in
            try OutputFile(name, isEmptied: mode.hasPrefix("w"))
        }
        return unsafe file.map { unsafe Unmanaged.passRetained($0).toOpaque() }
    }

    /// The file of a handle that ``open(_:_:)`` returned.
    static func at(_ handle: UnsafeMutableRawPointer?) -> OutputFile {
        guard let handle = unsafe handle else { preconditionFailure("GDAL calls without a file") }
        return unsafe Unmanaged<OutputFile>.fromOpaque(handle).takeUnretainedValue()
    }

    static func close(_ handle: UnsafeMutableRawPointer?) -> Int32 {
        guard let handle = unsafe handle else { return -1 }
        return unsafe Unmanaged<OutputFile>.fromOpaque(handle).takeRetainedValue().close()
    }

    private func close() -> Int32 {
        guard let file = file.take() else { return -1 }
        do throws(PipelineError) {
            try file.close()
            return 0
        } catch {
            GDALOutput.keep(error, of: path)
            return -1
        }
    }

    func seek(_ distance: vsi_l_offset, from origin: Int32) -> Int32 {
        // Distances are unsigned there, and wrap around for what lies before.
        let distance = Int(truncatingIfNeeded: distance)
        let start =
            switch origin {
            case SEEK_CUR: offset
            case SEEK_END: size ?? 0
            default: 0
            }
        let (place, isBeyond) = start.addingReportingOverflow(distance)
        guard !isBeyond, place >= 0 else { return -1 }
        offset = place
        hasMetEnd = false
        return 0
    }

    private var size: Int? {
        GDALOutput.attempt(path) { () throws(PipelineError) in try file?.size() ?? 0 }
    }

    /// Counts pieces of `size` bytes, as `fread` does.
    func read(into bytes: UnsafeMutableRawPointer?, size: Int, count: Int) -> Int {
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        let done = GDALOutput.attempt(path) { () throws(PipelineError) in
            try unsafe file?.readWhatIsThere(into: buffer, at: offset) ?? 0
        }
        offset += done ?? 0
        hasMetEnd = (done ?? 0) < buffer.count
        return size == 0 ? 0 : (done ?? 0) / size
    }

    /// Counts pieces of `size` bytes, as `fwrite` does.
    func write(_ bytes: UnsafeRawPointer?, size: Int, count: Int) -> Int {
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        let done: Void? = GDALOutput.attempt(path) { () throws(PipelineError) in
            try unsafe file?.write(buffer, at: offset)
        }
        guard done != nil else { return 0 }
        offset += buffer.count
        return count
    }

    func truncate(to size: vsi_l_offset) -> Int32 {
        let done: Void? = GDALOutput.attempt(path) { () throws(PipelineError) in
            try file?.truncate(to: Int(truncatingIfNeeded: size))
        }
        return done == nil ? -1 : 0
    }
}
