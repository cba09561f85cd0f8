@testable import DatacubeStorage

/// Codestreams of one band as ESA's are, small and of many shapes: what mutants are made of.
struct BandFile {
    let bytes: [UInt8]
    let width: Int
    let height: Int
    /// The packets of each tile-part.
    let packets: [Range<Int>]

    private struct Shape {
        var width = 96
        var height = 96
        var tile = 96
        var block = 64
        var precinct = 256
        var levels = 5
        var bits = 15
    }

    private static let shapes = [
        Shape(), Shape(width: 256, height: 200, tile: 128), Shape(tile: 64, block: 32, precinct: 128),
        Shape(block: 4, precinct: 64), Shape(width: 61, height: 83, block: 16, precinct: 64, levels: 3),
        Shape(width: 128, height: 65, tile: 128, block: 32, precinct: 128, levels: 2, bits: 12),
        Shape(width: 64, height: 64, tile: 64, levels: 1, bits: 16), Shape(width: 200, height: 3, tile: 200, levels: 2),
    ]

    /// Each shape with slopes, with noise and with almost nothing; and each of them in two tile-parts a tile.
    static func all() throws -> [BandFile] {
        let folder = "/dev/shm/dslab-fuzz-\(UInt64.random(in: 0...(.max)))"
        try FileSystem.createDirectories(folder)
        defer { try? FileSystem.remove(folder) }
        let whole = try shapes.flatMap { shape in
            try (0..<3).map { try BandFile(shape, content: $0, path: folder + "/band.jp2") }
        }
        return whole + whole.map { $0.split }
    }

    private init(_ shape: Shape, content: Int, path: String) throws {
        var random = RandomSource(seed: UInt64(content))
        let most = 1 << shape.bits - 1
        var pixels = (0..<(shape.width * shape.height)).map { index in
            let (x, y, noise) = (index % shape.width, index / shape.width, random.below(most))
            let slope = 900 + x * y / 50 % 700 + (x / 40 + y / 30) % 3 * 200 + noise % 32
            return UInt16(min(most, content == 0 ? slope : content == 1 ? noise : noise % 97 == 0 ? noise : 0))
        }
        let writer = JPEG2000Writer(
            tileSize: shape.tile,
            codeBlockSize: shape.block,
            precinctSize: shape.precinct,
            levels: shape.levels,
            bitDepth: shape.bits
        )
        let raster = MemoryRaster(width: shape.width, height: shape.height, georeference: nil, bands: [.init("B01")])
        try pixels.withUnsafeMutableBufferPointer { plane in
            try raster.withDataset(of: [plane]) { try writer.write($0, to: path) }
        }
        let image = try JPEG2000Image(file: path)
        let file = try FileSystem.contents(of: path)
        let start = file.firstRange(of: [0xFF, 0x4F, 0xFF, 0x51])?.lowerBound ?? 0
        let parts = image.index.parts.flatMap { $0 }
        self.init(Array(file[start...]), parts: parts.map { ($0.lowerBound - start)..<($0.upperBound - start) }, image)
    }

    private init(_ bytes: [UInt8], parts: [Range<Int>], _ image: JPEG2000Image) {
        self.bytes = bytes
        (width, height) = (image.width, image.height)
        packets = parts.map { (bytes[$0].firstRange(of: [0xFF, 0x93])?.upperBound ?? $0.lowerBound)..<$0.upperBound }
    }

    private init(_ bytes: [UInt8], packets: [Range<Int>], width: Int, height: Int) {
        (self.bytes, self.packets, self.width, self.height) = (bytes, packets, width, height)
    }

    /// The same, each tile in two tile-parts.
    private var split: BandFile {
        var stream: [UInt8] = []
        var ranges: [Range<Int>] = []
        var position = 0
        for range in packets {
            let start = bytes[position..<range.lowerBound].lastRange(of: [0xFF, 0x90])?.lowerBound ?? position
            stream += bytes[position..<start]
            let tile = bytes[(start + 4)..<(start + 6)]
            let middle = range.lowerBound + range.count / 3
            for (number, part) in [range.lowerBound..<middle, middle..<range.upperBound].enumerated() {
                let length = UInt32(14 + part.count)
                let size = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: length >> $0) }
                stream += [0xFF, 0x90, 0, 10] + tile + size + [UInt8(number), 2, 0xFF, 0x93]
                ranges.append(stream.count..<(stream.count + part.count))
                stream += bytes[part]
            }
            position = range.upperBound
        }
        return BandFile(stream + bytes[position...], packets: ranges, width: width, height: height)
    }

    /// A copy with some damage.
    func mutant(_ random: inout RandomSource) -> [UInt8] {
        var copy = bytes
        let range = packets[random.below(packets.count)]
        switch random.below(20) {
        case 0: copy.removeLast(random.below(copy.count - 200))
        case 1: copy.removeSubrange((range.lowerBound + random.below(range.count))..<range.upperBound)
        case 2: swap(&copy, in: range, &random)
        case 3, 4: alter(&copy, in: 0..<packets[0].lowerBound, &random)
        case 5: alter(&copy, in: max(0, range.lowerBound - 30)..<range.lowerBound, &random)
        // The first packets have the headers in which most depends on most.
        case 6..<13: alter(&copy, in: range.prefix(40), &random)
        default: alter(&copy, in: range, &random)
        }
        return copy
    }

    private func alter(_ copy: inout [UInt8], in range: Range<Int>, _ random: inout RandomSource) {
        for _ in 0...random.below(3) where !range.isEmpty {
            let position = range.lowerBound + random.below(range.count)
            if random.below(3) == 0 {
                copy[position] = UInt8(random.below(256))
            } else {
                copy[position] ^= 1 << UInt8(random.below(8))
            }
        }
    }

    private func swap(_ copy: inout [UInt8], in range: Range<Int>, _ random: inout RandomSource) {
        let count = range.count / 4
        let (one, other) = (range.lowerBound + random.below(count + 1), range.upperBound - count)
        guard one + count <= other else { return }
        for offset in 0..<count { copy.swapAt(one + offset, other + offset) }
    }
}
