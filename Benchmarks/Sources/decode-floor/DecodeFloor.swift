import DatacubeStorage
import Synchronization

/// Decodes every band of all products below a folder once, on all cores, and writes nothing: the time below which no
/// conversion of them can come.
@main
struct DecodeFloor {
    static func main() async throws {
        guard CommandLine.arguments.count > 1 else { return print("usage: decode-floor SAFE-FOLDER [THREADS]") }
        let threads = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) : nil
        let executor = BlockingExecutor(width: threads ?? ProcessorCount.granted)
        let products = try ProductFolder(root: CommandLine.arguments[1]).products.values.flatMap { $0 }
        let work = try products.flatMap { product in
            let inventory = try product.inventory()
            return try Band.allCases.flatMap { band in
                let image = try JPEG2000Image(file: inventory.path(of: band))
                let all = PixelWindow(x: 0, y: 0, width: image.width, height: image.height)
                return image.tiles(touching: all).map { (image: image, tile: $0) }
            }
        }
        let start = SystemClock.seconds()
        let pixels = Atomic<Int>(0)
        try await executor.forEach(work.count) { number in
            let (image, tile) = work[number]
            try image.decode(tile, within: tile.window) { _, columns, _ in
                pixels.wrappingAdd(columns.count, ordering: .relaxed)
            }
        }
        let seconds = SystemClock.seconds() - start
        let megapixels = Double(pixels.load(ordering: .relaxed)) / 1e6
        print(
            "\(products.count) products, \(megapixels.fixed(0)) Mpixel in \(seconds.fixed(2)) s, \(executor.width) threads"
        )
    }
}
