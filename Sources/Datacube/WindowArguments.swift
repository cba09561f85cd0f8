import CDatacube
import DatacubeStorage

/// Windows as C names them.
struct WindowArguments {
    let requests: [WindowRequest]

    // More than any batch of patches; a number beyond it was not meant.
    private static let most: Int32 = 1 << 20

    /// - Throws: `configuration` where a window means nothing.
    init(_ windows: UnsafePointer<datacube_window>?, count: Int32) throws(PipelineError) {
        guard (0...Self.most).contains(count) else {
            throw PipelineError(.configuration, "\(count) windows to read; give 0 to \(Self.most)")
        }
        var requests: [WindowRequest] = []
        for number in 0..<Int(count) {
            guard let window = unsafe windows?[number] else {
                throw PipelineError(.configuration, "there are no windows to read")
            }
            requests.append(try unsafe Self.request(window))
        }
        self.requests = requests
    }

    private static func request(_ window: datacube_window) throws(PipelineError) -> WindowRequest {
        guard let resolution = unsafe Resolution(rawValue: Int(window.resolution)) else {
            throw PipelineError(.configuration, "there is no resolution of \(unsafe window.resolution) m")
        }
        guard let memory = unsafe window.pixels else {
            throw PipelineError(.configuration, "there is no memory for the pixels")
        }
        let strides = unsafe window.strides
        let destination = try unsafe PixelDestination(
            memory,
            strides: [Int(strides.0), Int(strides.1), Int(strides.2), Int(strides.3)],
            content: content(window.content)
        )
        return try unsafe WindowRequest(
            resolution,
            corner: (Int(window.x), Int(window.y)),
            size: (Int(window.width), Int(window.height)),
            dates: positions(window.dates, count: window.date_count),
            bands: positions(window.bands, count: window.band_count),
            to: destination
        )
    }

    private static func content(_ number: Int32) throws(PipelineError) -> PixelDestination.Content {
        switch number {
        case Int32(DATACUBE_DN): .digitalNumbers
        case Int32(DATACUBE_REFLECTANCE): .reflectance
        default: throw PipelineError(.configuration, "\(number) names no content of pixels")
        }
    }

    // Dates of a year, or bands, each as often as anybody can want them.
    private static let mostPositions: Int32 = 1 << 20

    private static func positions(_ list: UnsafePointer<Int32>?, count: Int32) throws(PipelineError) -> [Int]? {
        guard let list = unsafe list else { return nil }
        guard (0...mostPositions).contains(count) else {
            throw PipelineError(.configuration, "\(count) positions; give 0 to \(mostPositions)")
        }
        return (0..<Int(count)).map { unsafe Int(list[$0]) }
    }
}
