/// A part of the tile-year that is compared at once.
struct VerificationBlock: Sendable {
    let resolution: Resolution
    let grid: PixelGrid
    let dates: Range<Int>
    let window: PixelWindow

    // As deep as a chunk of the seed layout.
    private static let datesAtOnce = 10

    /// All blocks of some dates, resolution by resolution.
    static func all(dates count: Int, grids: [Resolution: PixelGrid]) -> [VerificationBlock] {
        Resolution.allCases.flatMap { resolution -> [VerificationBlock] in
            guard let grid = grids[resolution] else { return [] }
            let side = side(resolution)
            let windows = PixelWindow.blocks(
                width: grid.width,
                height: grid.height,
                blockWidth: side,
                blockHeight: side
            )
            let dates = stride(from: 0, to: count, by: datesAtOnce).map { $0..<min($0 + datesAtOnce, count) }
            return dates.flatMap { dates in
                windows.map { VerificationBlock(resolution: resolution, grid: grid, dates: dates, window: $0) }
            }
        }
    }

    /// The same, date by date.
    var ofSingleDates: [VerificationBlock] {
        dates.map { VerificationBlock(resolution: resolution, grid: grid, dates: $0..<($0 + 1), window: window) }
    }

    var planeCount: Int { dates.count * resolution.bands.count }
    var pixelCount: Int { planeCount * window.pixelCount }

    /// Whole JPEG 2000 tiles of ESA's sizes, so that none is decoded twice.
    static func side(_ resolution: Resolution) -> Int {
        switch resolution {
        case .r10: 1024
        case .r20: 1280
        case .r60: 768
        }
    }

    /// The first position in each plane at which two arrays of this block differ.
    func differences(_ one: PixelBuffer<UInt16>, _ other: PixelBuffer<UInt16>) -> [Int] {
        (0..<planeCount).compactMap { plane in
            one.firstDifference(other, in: (plane * window.pixelCount)..<((plane + 1) * window.pixelCount))
        }
    }

    /// The date of a pixel of the block's array.
    func date(of position: Int) -> Int { dates.lowerBound + position / window.pixelCount / resolution.bands.count }

    /// Date, band and position of a pixel of the block's array.
    func place(of position: Int, _ identifiers: [String]) -> String {
        let (plane, pixel) = (position / window.pixelCount, position % window.pixelCount)
        let band = resolution.bands[plane % resolution.bands.count]
        let date = identifiers[date(of: position)]
        let column = window.columns.lowerBound + pixel % window.width
        let row = window.rows.lowerBound + pixel / window.width
        return "\(band.name) of \(date) at column \(column) row \(row)"
    }
}
