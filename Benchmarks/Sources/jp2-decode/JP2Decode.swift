import DatacubeStorage
import Glibc

/// Decodes whole JPEG 2000 files in one thread, one for each path on standard input, and answers with the processor's
/// seconds, the number of samples and the CRC-32C of all samples, little-endian, row by row.
@main
struct JP2Decode {
    static func main() throws {
        var raster: [UInt16] = []
        while let path = readLine() {
            let image = try JPEG2000Image(file: path)
            let all = PixelWindow(x: 0, y: 0, width: image.width, height: image.height)
            // Memory that is there already, as the peer has it.
            if raster.count != all.pixelCount { raster = [UInt16](repeating: 1, count: all.pixelCount) }
            let start = processorSeconds()
            try raster.withUnsafeMutableBufferPointer { try image.decode(all, into: $0) }
            let seconds = processorSeconds() - start
            print(seconds, all.pixelCount, raster.withUnsafeBytes { CRC32C.checksum($0) })
            fflush(nil)
        }
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
