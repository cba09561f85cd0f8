import DatacubeStorage
import Testing

/// One way in which a product can be bad, and what must be said of it.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Words that the one line about the product has besides the product's name.
    let words: [String]
    let apply: @Sendable (SAFEProduct) throws -> Void

    init(_ name: String, saying words: String..., apply: @escaping @Sendable (SAFEProduct) throws -> Void) {
        testDescription = name
        self.words = words
        self.apply = apply
    }

    static let all = structure + [truncations, insides, texts].flatMap { $0 }

    private static let structure = [
        Damage("a band is missing", saying: "lacks B05") { try FileSystem.remove($0.inventory().path(of: .b05)) },
        Damage("no band is there", saying: "lacks B01 B02 B03", "IMG_DATA") { product in
            let inventory = try product.inventory()
            for band in Band.allCases { try FileSystem.remove(inventory.path(of: band)) }
        },
        Damage("GRANULE is missing", saying: "lacks the GRANULE folder") {
            try FileSystem.remove($0.path + "/GRANULE")
        },
        Damage("MTD_MSIL1C.xml is missing", saying: "lacks MTD_MSIL1C.xml") {
            try FileSystem.remove($0.productMetadataPath)
        },
        Damage("MTD_TL.xml is missing", saying: "no granule with MTD_TL.xml") {
            try FileSystem.remove($0.inventory().tileMetadataPath)
        },
        Damage("the product is a file", saying: "is not a folder") {
            try FileSystem.remove($0.path)
            try AtomicFile.write(Array("not a product".utf8), to: $0.path)
        },
        Damage("a band is a folder", saying: "lacks B09") {
            let path = try $0.inventory().path(of: .b09)
            try FileSystem.remove(path)
            try FileSystem.createDirectories(path)
        },
        Damage("a band has the pixels of another", saying: "_B03.jp2 has 96 x 96 pixels", "192 x 192") {
            let inventory = try $0.inventory()
            try AtomicFile.write(FileSystem.contents(of: inventory.path(of: .b05)), to: inventory.path(of: .b03))
        },
    ]

    /// Kept bytes in thousandths: within the boxes, the main header, the first and the last bytes of the pixels.
    private static let truncations = [0, 1, 20, 100, 500, 900, 999].map { kept in
        Damage("a band is cut to \(kept) thousandths", saying: "_B8A.jp2", "fetch the product again") {
            try alter(.b8a, of: $0) { Array($0.prefix($0.count * kept / 1000)) }
        }
    }

    private static let insides = [
        Damage("a band lacks its last byte", saying: "_B11.jp2 is truncated") {
            try alter(.b11, of: $0) { $0.dropLast() }
        },
        Damage("bytes are lost within a band", saying: "_B04.jp2") {
            try alter(.b04, of: $0) { Array($0.prefix($0.count / 2) + $0.suffix($0.count / 2 - 100)) }
        },
        Damage("a band is a text", saying: "_B02.jp2 is not a JPEG 2000 file") {
            try alter(.b02, of: $0) { _ in Array("<html>Too many requests</html>".utf8) }
        },
        // The file is well from marker to marker; only the decoder can tell. Damage to the pixels themselves shows in
        // the manifest's digest alone: JPEG 2000 decodes any bits to some picture.
        Damage("a tile's header is damaged", saying: "_B12.jp2 does not decode") {
            try alter(.b12, of: $0) { overwritten($0, from: tileHeader($0), with: [0xFF, 0x52, 0, 4, 9, 9]) }
        },
    ]

    private static let texts = [
        Damage("MTD_MSIL1C.xml is cut", saying: "MTD_MSIL1C.xml is not well-formed XML at line") {
            try alter($0.productMetadataPath) { Array($0.prefix($0.count / 2)) }
        },
        Damage("MTD_TL.xml is empty", saying: "MTD_TL.xml is not well-formed XML") {
            try alter($0.inventory().tileMetadataPath) { _ in [] }
        },
        Damage("MTD_MSIL1C.xml expands entities", saying: "MTD_MSIL1C.xml has a document type declaration") {
            try alter($0.productMetadataPath) { _ in Array(billionLaughs.utf8) }
        },
        Damage("MTD_TL.xml is another document", saying: "MTD_TL.xml", "Level-1C_Tile_ID is expected") {
            let product = try FileSystem.contents(of: $0.productMetadataPath)
            try alter($0.inventory().tileMetadataPath) { _ in product }
        },
        Damage("the offsets are gone", saying: "MTD_MSIL1C.xml", "RADIO_ADD_OFFSET of B01 B02") {
            try alter($0.productMetadataPath) { text in
                text.replacing("RADIO_ADD_OFFSET", with: "OTHER")
            }
        },
        Damage("a resolution lies elsewhere", saying: "MTD_TL.xml", "different ground") {
            try alter($0.inventory().tileMetadataPath) { $0.replacing("<NROWS>96<", with: "<NROWS>97<") }
        },
        Damage("the zone is not the tile's", saying: "EPSG:32636", "35VLH lies in EPSG:32635") {
            try alter($0.inventory().tileMetadataPath) { $0.replacing("EPSG:32635", with: "EPSG:32636") }
        },
        Damage("a number is none", saying: "MTD_MSIL1C.xml", "QUANTIFICATION_VALUE", "not a number: 'many'") {
            try alter($0.productMetadataPath) {
                Array(String(decoding: $0, as: UTF8.self).replacing(">10000</QUANT", with: ">many</QUANT").utf8)
            }
        },
    ]

    private static let billionLaughs = """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
        <Level-1C_User_Product>&c;</Level-1C_User_Product>
        """
}

private func alter(_ band: Band, of product: SAFEProduct, _ change: ([UInt8]) -> [UInt8]) throws {
    try alter(product.inventory().path(of: band), change)
}

private func alter(_ path: String, _ change: ([UInt8]) -> [UInt8]) throws {
    let bytes = try FileSystem.contents(of: path)
    let changed = change(bytes)
    guard changed != bytes else { throw PipelineError(.system, "\(path) was not altered") }
    try AtomicFile.write(changed, to: path)
}

/// Where the header of the first tile-part goes on behind its SOT segment.
private func tileHeader(_ bytes: [UInt8]) -> Int {
    let start = (0..<bytes.count - 12).first { bytes[$0...].starts(with: [0xFF, 0x90, 0, 10]) } ?? 0
    return start + 12
}

extension [UInt8] {
    /// The bytes of a text in which a word is replaced.
    fileprivate func replacing(_ word: String, with other: String) -> [UInt8] {
        Array(String(decoding: self, as: UTF8.self).replacing(word, with: other).utf8)
    }
}

private func overwritten(_ bytes: [UInt8], from start: Int, with others: [UInt8]) -> [UInt8] {
    bytes[..<start] + others + bytes[(start + others.count)...]
}
