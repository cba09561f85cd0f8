import Glibc
import Synchronization

/// A patch at all dates in all bands, as loaded: one array `(time, band, y, x)` of DN for each resolution.
struct PatchSeries: Sendable {
    let dates: Int
    /// Pixels along a side, by resolution.
    let sides: [Resolution: Int]
    private let buffers: [Resolution: PixelBuffer<UInt16>]

    /// Allocates the arrays: 2.9 MB a date for patches of 5100 m, 0.56 GB for 192 dates.
    init(dates: Int, patchSize: Int) throws {
        self.dates = dates
        var sides: [Resolution: Int] = [:]
        var buffers: [Resolution: PixelBuffer<UInt16>] = [:]
        for resolution in Resolution.allCases {
            let side = patchSize / resolution.metres
            sides[resolution] = side
            buffers[resolution] = try PixelBuffer(zeroed: dates * resolution.bands.count * side * side)
        }
        self.sides = sides
        self.buffers = buffers
    }

    /// `[time, band, y, x]` of one resolution's array.
    func shape(_ resolution: Resolution) -> [Int] {
        let side = sides[resolution] ?? 0
        return [dates, resolution.bands.count, side, side]
    }

    /// The patch's windows and the arrays for them; that of 10 m, whose pieces are the longest, comes first.
    func windows(of patch: Patch, in grids: [Resolution: PixelGrid]) -> [PatchWindow] {
        Resolution.allCases.compactMap { resolution in
            guard let grid = grids[resolution], let pixels = buffers[resolution] else { return nil }
            return PatchWindow(resolution: resolution, window: patch.window(in: grid), pixels: pixels)
        }
    }

    /// Makes every pixel one that no source delivers, so that one which a load skips is found out.
    func forget(on executor: BlockingExecutor) async throws {
        for (resolution, buffer) in buffers {
            let planes = dates * resolution.bands.count
            let size = buffer.count / max(planes, 1)
            try await executor.forEach(planes) { buffer.markUnwritten(($0 * size)..<(($0 + 1) * size)) }
        }
    }

    /// CRC-32 of every plane, by resolution, then by date and band.
    func checksums(on executor: BlockingExecutor) async throws -> [Resolution: [UInt32]] {
        var checksums: [Resolution: [UInt32]] = [:]
        for (resolution, buffer) in buffers {
            let count = dates * resolution.bands.count
            let size = buffer.count / max(count, 1)
            let found = Mutex([UInt32](repeating: 0, count: count))
            try await executor.forEach(count) { plane in
                let checksum = unsafe buffer.withPixels((plane * size)..<((plane + 1) * size)) {
                    unsafe CRC32.checksum(UnsafeRawBufferPointer($0))
                }
                found.withLock { $0[plane] = checksum }
            }
            checksums[resolution] = found.withLock { $0 }
        }
        return checksums
    }

    /// The first pixel of a plane that differs between two series, as row and column.
    func firstDifference(_ other: PatchSeries, resolution: Resolution, plane: Int) -> (row: Int, column: Int)? {
        guard let mine = buffers[resolution], let theirs = other.buffers[resolution], let side = sides[resolution]
        else {
            return nil
        }
        let range = (plane * side * side)..<((plane + 1) * side * side)
        return mine.firstDifference(theirs, in: range).map {
            (($0 - range.lowerBound) / side, ($0 - range.lowerBound) % side)
        }
    }
}

extension PixelBuffer where Pixel: Equatable {
    /// The first position within the range at which two buffers differ.
    func firstDifference(_ other: PixelBuffer, in range: Range<Int>) -> Int? {
        unsafe withPixels(range) { mine in
            unsafe other.withPixels(range) { theirs in
                let bytes = range.count * MemoryLayout<Pixel>.stride
                guard let one = mine.baseAddress, let two = theirs.baseAddress, unsafe memcmp(one, two, bytes) != 0
                else {
                    return nil
                }
                return mine.indices.first { unsafe mine[$0] != theirs[$0] }.map { range.lowerBound + $0 }
            }
        }
    }
}
