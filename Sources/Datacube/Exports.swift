public import CDatacube
import DatacubeStorage

// The functions of datacube.h, which says what each of them promises, takes and returns.

/// The version of the library.
@c(datacube_version)
public func version() -> UnsafePointer<CChar> { unsafe LibraryVersion.text }

/// Opens a tile-year.
@c(datacube_open)
public func open(_ place: UnsafePointer<datacube_place>?) -> Int64 {
    Failure.told(-1) { try ended(OpenTileYears.shared.startOpening(unsafe PlaceArgument(place).place)) }
}

/// Begins to open a tile-year.
@c(datacube_start_opening)
public func startOpening(_ place: UnsafePointer<datacube_place>?) -> Int64 {
    Failure.told(-1) { try OpenTileYears.shared.startOpening(unsafe PlaceArgument(place).place) }
}

/// Tells what there is as JSON.
@c(datacube_describe)
public func describe(_ cube: Int64, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int64) -> Int64 {
    Failure.told(-1) {
        let bytes = Array(try OpenTileYears.shared.description(of: cube).utf8)
        if let text = unsafe text, capacity > 0 {
            let count = min(bytes.count, Int(capacity) - 1)
            for position in 0..<count { unsafe text[position] = CChar(bitPattern: bytes[position]) }
            unsafe text[count] = 0
        }
        return Int64(bytes.count + 1)
    }
}

/// Reads windows.
@c(datacube_read)
public func read(_ cube: Int64, _ windows: UnsafePointer<datacube_window>?, _ count: Int32) -> Int32 {
    Failure.told(-1) {
        _ = try ended(
            OpenTileYears.shared.startReading(unsafe WindowArguments(windows, count: count).requests, of: cube)
        )
        return 0
    }
}

/// Begins to read windows.
@c(datacube_start_reading)
public func startReading(_ cube: Int64, _ windows: UnsafePointer<datacube_window>?, _ count: Int32) -> Int64 {
    Failure.told(-1) {
        try OpenTileYears.shared.startReading(unsafe WindowArguments(windows, count: count).requests, of: cube)
    }
}

/// Waits for a call.
@c(datacube_wait)
public func wait(_ call: Int64, _ seconds: Double, _ result: UnsafeMutablePointer<Int64>?) -> Int32 {
    Failure.told(-1) {
        // Some days; more than that is for ever, and arithmetic on it is safe.
        let limit = seconds.isNaN ? 0 : min(max(seconds, 0), 1e6)
        guard let value = try OpenTileYears.shared.result(of: call, within: limit) else { return 1 }
        if let result = unsafe result { unsafe result.pointee = value }
        return 0
    }
}

/// Ends a call early.
@c(datacube_cancel)
public func cancel(_ call: Int64) -> Int32 {
    Failure.told(-1) {
        try OpenTileYears.shared.cancel(call)
        return 0
    }
}

/// Draws patches as `patch-bench` does.
@c(datacube_draw_patches)
public func drawPatches(
    _ cube: Int64,
    _ size: Int32,
    _ rounds: Int32,
    _ perRound: Int32,
    _ seed: UInt64,
    _ corners: UnsafeMutablePointer<Int32>?
) -> Int32 {
    Failure.told(-1) {
        let drawing = PatchDrawing(size: Int(size), rounds: Int(rounds), perRound: Int(perRound), seed: seed)
        let places = try OpenTileYears.shared.patches(drawing, of: cube)
        guard let corners = unsafe corners else {
            throw PipelineError(.configuration, "there is no memory to write patches to")
        }
        for (position, place) in places.enumerated() {
            unsafe corners[2 * position] = Int32(place.column)
            unsafe corners[2 * position + 1] = Int32(place.row)
        }
        return 0
    }
}

/// Closes a cube.
@c(datacube_close)
public func close(_ cube: Int64) -> Int32 {
    Failure.told(-1) {
        try OpenTileYears.shared.close(cube)
        return 0
    }
}

/// Waits for a call that nobody will cancel.
private func ended(_ call: Int64) throws -> Int64 {
    while true {
        if let result = try OpenTileYears.shared.result(of: call, within: 3600) { return result }
    }
}
