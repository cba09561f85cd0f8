import CDatacube
import DatacubeStorage

/// Leaves what failed with the calling thread.
enum Failure {
    /// What `body` returns, or `value` where it throws.
    static func told<Result>(_ value: Result, _ body: () throws -> Result) -> Result {
        do {
            return try body()
        } catch let error as PipelineError {
            unsafe datacube_set_error(error.code.rawValue, "\(error)")
        } catch is CancellationError {
            unsafe datacube_set_error("cancelled", "cancelled: the call was ended before it was done")
        } catch {
            unsafe datacube_set_error("system", "system: \(error)")
        }
        return value
    }
}

/// The library's version as C sees it.
enum LibraryVersion {
    // Never freed: C may keep it.
    nonisolated(unsafe) static let text: UnsafePointer<CChar> = {
        let bytes = Array(Version.current.utf8CString)
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe memory.initialize(from: bytes, count: bytes.count)
        return unsafe UnsafePointer(memory)
    }()
}
