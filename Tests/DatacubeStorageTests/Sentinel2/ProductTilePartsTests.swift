import Logging
import Testing

@testable import DatacubeStorage

@Suite struct ProductTilePartsTests {
    @Test func theIndexBesideAProductGivesTheSameTilesAsItsFiles() async throws {
        try await withTemporaryDirectory { directory in
            let product = try #require(try await SyntheticArchive.link(0..<1, below: directory).first)
            let fromFiles = try ProductImages(DescribedProduct(product))
            #expect(!fromFiles.isIndexed)
            try fromFiles.writeIndex()
            let fromIndex = try ProductImages(DescribedProduct(product))
            #expect(fromIndex.isIndexed)
            for band in Band.allCases {
                #expect(fromIndex.image(band).index == fromFiles.image(band).index)
                let window = PixelWindow(x: 3, y: 5, width: 25, height: 20)
                #expect(try pixels(fromIndex.image(band), window) == pixels(fromFiles.image(band), window))
            }
        }
    }

    @Test func anIndexThatDoesNotFitTheFilesIsNotUsed() async throws {
        try await withTemporaryDirectory { directory in
            let product = try #require(try await SyntheticArchive.link(0..<1, below: directory).first)
            try ProductImages(DescribedProduct(product)).writeIndex()
            let band = try product.inventory().path(of: .b03)
            try AtomicFile.write(FileSystem.contents(of: band) + [0], to: band)
            #expect(try !ProductImages(DescribedProduct(product)).isIndexed)
        }
    }

    @Test(arguments: ["", "{}", "{\"version\": 1, \"bands\": {}}", "not JSON"])
    func aDamagedIndexIsNotUsed(_ text: String) async throws {
        try await withTemporaryDirectory { directory in
            let product = try #require(try await SyntheticArchive.link(0..<1, below: directory).first)
            try AtomicFile.write(Array(text.utf8), to: product.path + SAFEProduct.tilePartsEnding)
            #expect(try !ProductImages(DescribedProduct(product)).isIndexed)
        }
    }

    /// Numbers that no file of that size has, one at a time.
    @Test(arguments: ["\"first\":", "\"lengths\":[", "\"tiles\":["], ["9223372036854775807", "-1", "4294967296"])
    func numbersOutOfRangeAreNotUsed(_ member: String, _ number: String) async throws {
        try await withTemporaryDirectory { directory in
            let product = try #require(try await SyntheticArchive.link(0..<1, below: directory).first)
            try ProductImages(DescribedProduct(product)).writeIndex()
            let path = product.path + SAFEProduct.tilePartsEnding
            let text = String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
            let start = try #require(text.firstRange(of: member)).upperBound
            let changed = text[..<start] + number + text[start...].drop { $0.isNumber }
            try AtomicFile.write(Array(changed.utf8), to: path)
            #expect(try !ProductImages(DescribedProduct(product)).isIndexed)
        }
    }

    private func pixels(_ image: JPEG2000Image, _ window: PixelWindow) throws -> [UInt16] {
        var pixels = [UInt16](repeating: 0, count: window.pixelCount)
        try pixels.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
        return pixels
    }
}
