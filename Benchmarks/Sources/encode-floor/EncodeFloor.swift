import CTileEncoder
import DatacubeStorage
import Synchronization

/// Decodes every band of all products below a folder and compresses it as tiles of GeoTIFFs, on all cores, and writes
/// nothing: the time below which no conversion to COG can come.
@main
struct EncodeFloor {
    static let side = 512

    static func main() async throws {
        guard CommandLine.arguments.count > 1 else { return print("usage: encode-floor SAFE-FOLDER [THREADS]") }
        let threads = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) : nil
        let executor = BlockingExecutor(width: threads ?? ProcessorCount.granted)
        let products = try ProductFolder(root: CommandLine.arguments[1]).products.values.flatMap { $0 }
        let start = SystemClock.seconds()
        var (pixels, bytes) = (0, 0)
        for product in products {
            let inventory = try product.inventory()
            for resolution in Resolution.allCases {
                let images = try resolution.bands.map { try JPEG2000Image(file: inventory.path(of: $0)) }
                let planes = Planes(images)
                defer { planes.free() }
                try await planes.decode(on: executor)
                bytes += try await planes.encode(on: executor)
                pixels += planes.pixels.count
            }
        }
        let seconds = SystemClock.seconds() - start
        let (megapixels, megabytes) = (Double(pixels) / 1e6, Double(bytes) / 1e6)
        print(
            "\(products.count) products, \(megapixels.fixed(0)) Mpixel in \(seconds.fixed(2)) s, \(executor.width) threads"
        )
        print("\(megabytes.fixed(0)) MB compressed")
    }
}

/// All bands of a product at one resolution, one after the other.
struct Planes: @unchecked Sendable {
    let images: [JPEG2000Image]
    let width: Int
    let height: Int
    /// Threads write disjoint parts while decoding, and only read while encoding.
    let pixels: UnsafeMutableBufferPointer<UInt16>

    init(_ images: [JPEG2000Image]) {
        self.images = images
        (width, height) = (images[0].width, images[0].height)
        pixels = .allocate(capacity: images.count * width * height)
    }

    func free() { pixels.deallocate() }

    func decode(on executor: BlockingExecutor) async throws {
        let all = PixelWindow(x: 0, y: 0, width: width, height: height)
        let work = images.enumerated().flatMap { band, image in image.tiles(touching: all).map { (band, image, $0) } }
        try await executor.forEach(work.count) { number in
            let (band, image, tile) = work[number]
            let plane = pixels[(band * all.pixelCount)..<((band + 1) * all.pixelCount)]
            try image.decode(tile, of: all, into: UnsafeMutableBufferPointer(rebasing: plane))
        }
    }

    /// Compresses all tiles and returns the bytes that came.
    func encode(on executor: BlockingExecutor) async throws -> Int {
        let side = EncodeFloor.side
        let corners = stride(from: 0, to: height, by: side).flatMap { y in
            stride(from: 0, to: width, by: side).map { (x: $0, y: y) }
        }
        let bytes = Atomic<Int>(0)
        let level = COGWriter.defaultLevel(.zstd)
        // A thread's encoder serves all of its tiles.
        try await executor.forEach(executor.width) { thread in
            guard let encoder = tile_encoder_create(Int32(images.count), side, Int32(level)),
                let planes = UnsafePointer(pixels.baseAddress)
            else { throw PipelineError(.system, "out of memory") }
            defer { tile_encoder_free(encoder) }
            for number in stride(from: thread, to: corners.count, by: executor.width) {
                let size = tile_encoder_encode(encoder, planes, width, height, corners[number].x, corners[number].y)
                guard size > 0 else { throw PipelineError(.system, "a tile cannot be compressed") }
                bytes.wrappingAdd(size, ordering: .relaxed)
            }
        }
        return bytes.load(ordering: .relaxed)
    }
}
