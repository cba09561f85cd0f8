/// A request that was found to be possible.
struct WindowRead: Sendable {
    /// Where the source has the dates that are wanted.
    let products: [Int]
    private let dates: [Int]
    private let request: WindowRequest
    private let bands: [Int]
    private let steps: [TimeStep]

    /// Holds a request against what there is.
    ///
    /// - Throws: `configuration` naming what is not there.
    init(_ request: WindowRequest, of cube: OpenTileYear) throws(PipelineError) {
        let resolution = request.resolution
        guard let grid = cube.source.grids[resolution], let steps = cube.recorded[resolution]?.steps else {
            let names = cube.source.grids.keys.sorted().map(\.name).joined(separator: ", ")
            throw PipelineError(.configuration, "\(resolution.name) was not opened; there are \(names)")
        }
        let (window, image) = (request.window, PixelWindow(x: 0, y: 0, width: grid.width, height: grid.height))
        guard window.width > 0, window.height > 0, image.contains(window) else {
            let wanted = "columns \(window.columns.lowerBound) to \(window.columns.upperBound)"
            let rows = "rows \(window.rows.lowerBound) to \(window.rows.upperBound)"
            let size = "\(grid.width) x \(grid.height) pixels of \(resolution.name)"
            throw PipelineError(.configuration, "\(wanted), \(rows) are no window of \(size)")
        }
        self.request = request
        self.steps = steps
        dates = try Self.positions(request.dates, of: steps.count, what: "date")
        products = dates.map { cube.positions[$0] }
        bands = try Self.positions(request.bands, of: resolution.bands.count, what: "band of \(resolution.name)")
    }

    private static func positions(_ wanted: [Int]?, of count: Int, what: String) throws(PipelineError) -> [Int] {
        let positions = wanted ?? Array(0..<count)
        guard let stray = positions.first(where: { $0 < 0 || $0 >= count }) else { return positions }
        throw PipelineError(.configuration, "there is no \(what) \(stray); there are \(count), counted from 0")
    }

    private var shape: [Int] { [dates.count, bands.count, request.window.height, request.window.width] }
    var pixelCount: Int { shape.reduce(1, *) }
    /// Whether the engine can write to the caller's memory itself.
    var isDirect: Bool { request.destination.isDirect(shape) }

    /// What the engine is to load; to the caller's memory where no other is given.
    func window(to buffer: PixelBuffer<UInt16>?) -> PatchWindow {
        PatchWindow(
            resolution: request.resolution,
            window: request.window,
            bands: bands,
            pixels: buffer ?? request.destination.lent(pixelCount)
        )
    }

    /// What is left to do for each plane, once the engine has filled a buffer.
    func copies(from buffer: PixelBuffer<UInt16>) -> [@Sendable () -> Void] {
        let count = request.window.pixelCount
        return dates.indices.flatMap { date in
            bands.indices.map { band in
                let copy = copy(date: date, band: band)
                let first = (date * bands.count + band) * count
                return { unsafe buffer.withPixels(first..<(first + count)) { unsafe copy.write($0) } }
            }
        }
    }

    private func copy(date: Int, band: Int) -> PlaneCopy {
        let (step, strides) = (steps[dates[date]], request.destination.strides)
        return PlaneCopy(
            width: request.window.width,
            height: request.window.height,
            destination: request.destination,
            start: date * strides[0] + band * strides[1],
            offset: Float(step.radiometricAddOffset[bands[band]]),
            quantification: Float(step.quantificationValue)
        )
    }
}
