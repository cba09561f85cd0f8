@testable import DatacubeStorage

extension Parser {
    /// The documents of products.
    static let metadata = [
        Parser("xml", seeds: { $0.hasSuffix(".xml") || $0.hasSuffix(".safe") }) {
            _ = try XMLParser.parse($0, name: "document")
        },
        Parser("product-metadata", seeds: { $0.hasSuffix("MTD_MSIL1C.xml") }) {
            _ = try ProductMetadata($0, path: "MTD_MSIL1C.xml")
        },
        Parser("tile-metadata", seeds: { $0.hasSuffix("MTD_TL.xml") }) {
            _ = try TileMetadata($0, path: "MTD_TL.xml")
        },
        Parser("manifest", seeds: { $0.hasSuffix("manifest.safe") }) {
            _ = try ProductManifest($0, path: "manifest.safe")
        },
        Parser("product-name", seeds: { $0.hasSuffix("/names") }) {
            _ = try ProductName(String(decoding: $0, as: UTF8.self)).tileYear
        },
        Parser("time", seeds: { $0.hasSuffix("/names") }) {
            let text = String(decoding: $0, as: UTF8.self)
            for time in [Timestamp(iso8601: text), Timestamp(httpDate: text)] { _ = time?.description }
        },
    ]
}
