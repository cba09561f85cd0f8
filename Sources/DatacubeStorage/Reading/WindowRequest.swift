/// Where the pixels of a window go: memory of the caller, who keeps it until the read has ended.
@safe public struct PixelDestination: @unchecked Sendable {
    // Sound: the memory is written by the threads of one read only, each its own planes, while the caller waits for it.
    let memory: UnsafeMutableRawPointer
    /// Bytes from one element to the next along time, band, y and x.
    let strides: [Int]
    /// What is written.
    let content: Content

    /// What the pixels become.
    public enum Content: Sendable {
        /// DN as delivered, unsigned 16-bit integers of this machine's byte order.
        case digitalNumbers
        /// (DN + offset of the date and band) / quantification value as 32-bit floats; NaN where the DN means that there
        /// are no data, or that the pixel is saturated.
        case reflectance

        /// Bytes of an element.
        public var elementBytes: Int { self == .digitalNumbers ? 2 : 4 }
    }

    /// Names memory.
    ///
    /// - Parameters:
    ///   - memory: The first date's first band's upper left pixel.
    ///   - strides: Bytes from one element to the next along time, band, y and x, of any sign.
    ///   - content: What to write.
    /// - Throws: `configuration` where elements would not lie at multiples of their size.
    public init(
        _ memory: UnsafeMutableRawPointer,
        strides: [Int],
        content: Content
    ) throws(PipelineError) {
        let size = content.elementBytes
        guard strides.count == 4, UInt(bitPattern: memory).isMultiple(of: UInt(size)),
            strides.allSatisfy({ $0.isMultiple(of: size) })
        else {
            throw PipelineError(
                .configuration,
                "the array's elements of \(size) bytes do not lie at multiples of their size; give another array"
            )
        }
        unsafe self.memory = memory
        (self.strides, self.content) = (strides, content)
    }

    /// Whether pixels of this shape `(time, band, y, x)` lie there as the engine writes them.
    func isDirect(_ shape: [Int]) -> Bool {
        guard content == .digitalNumbers else { return false }
        var expected = content.elementBytes
        for axis in shape.indices.reversed() {
            if shape[axis] > 1, strides[axis] != expected { return false }
            expected *= shape[axis]
        }
        return true
    }

    /// The memory as the engine fills it, where ``isDirect(_:)``.
    func lent(_ count: Int) -> PixelBuffer<UInt16> {
        unsafe PixelBuffer(
            lent: UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: UInt16.self), count: count)
        )
    }
}

/// A window of some dates and bands to read.
public struct WindowRequest: Sendable {
    /// Of the bands.
    public let resolution: Resolution
    /// Pixels of that resolution.
    public let window: PixelWindow
    /// Positions on the time axis, in the order in which they are wanted; nil for all.
    public let dates: [Int]?
    /// Positions among the resolution's bands, likewise.
    public let bands: [Int]?
    /// Where the pixels go.
    public let destination: PixelDestination

    /// Wants pixels.
    ///
    /// - Parameters:
    ///   - resolution: Of the bands.
    ///   - corner: Column and row of the upper left pixel.
    ///   - size: Columns and rows.
    ///   - dates: Positions on the time axis; nil for all.
    ///   - bands: Positions among the resolution's bands; nil for all.
    ///   - destination: Where the pixels go.
    /// - Throws: `configuration` where that is no window of any image.
    public init(
        _ resolution: Resolution,
        corner: (x: Int, y: Int),
        size: (width: Int, height: Int),
        dates: [Int]? = nil,
        bands: [Int]? = nil,
        to destination: PixelDestination
    ) throws(PipelineError) {
        guard corner.x >= 0, corner.y >= 0, size.width > 0, size.height > 0,
            max(corner.x, corner.y, size.width, size.height) <= Int(Int32.max)
        else {
            let text = "column \(corner.x), row \(corner.y), \(size.width) x \(size.height) pixels"
            throw PipelineError(.configuration, "\(text) are no window of an image")
        }
        self.resolution = resolution
        window = PixelWindow(x: corner.x, y: corner.y, width: size.width, height: size.height)
        self.dates = dates
        self.bands = bands
        self.destination = destination
    }
}
