import TestSupport
import Testing

@testable import DatacubeStorage

/// One thing besides pixels that data say otherwise than their products, and what must be said of it.
struct Alteration: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let format: DataFormat
    /// Words of the one line about it, besides those that all such lines have.
    let words: [String]
    /// Alters the data of a format below a folder; the product is that of the second date.
    let apply: @Sendable (_ root: String, _ product: ProductName) throws -> Void

    private init(
        _ name: String,
        of format: DataFormat,
        saying words: [String],
        apply: @escaping @Sendable (_ root: String, _ product: ProductName) throws -> Void
    ) {
        testDescription = "\(format): \(name)"
        (self.format, self.words, self.apply) = (format, words, apply)
    }

    /// Another value in a variable of numbers.
    private static func variable<Element: ZarrElement & Sendable>(
        _ path: String,
        at index: Int,
        _ value: Element,
        saying words: String...
    ) -> Alteration {
        Alteration("\(path) at \(index) is \(value)", of: .zarr, saying: words + [" in \(path)"]) { root, _ in
            let array = try array(path, root)
            var values = try array.readAll(Element.self)
            values[index] = value
            try array.writeAll(values)
        }
    }

    /// Another text in a variable of texts.
    private static func text(_ path: String, at index: Int, _ value: String, saying words: String...) -> Alteration {
        Alteration("\(path) at \(index) is \(value)", of: .zarr, saying: words + [" in \(path)"]) { root, _ in
            let array = try array(path, root)
            var values = try array.readAllStrings()
            values[index] = value
            try array.writeAll(strings: values)
        }
    }

    private static func array(_ path: String, _ root: String) throws -> ZarrArray {
        let parts = path.split(separator: "/").map(String.init)
        let cube = try #require(try Cube.open(LocalStore(root: root), path: "35VLH/2024/\(parts[0])"))
        return try cube.group.array(parts[1])
    }

    /// Another word in the document of a cube's group.
    private static func document(
        _ resolution: String,
        _ word: String,
        _ other: String,
        saying words: String...
    ) -> Alteration {
        Alteration("\(word) is \(other) in \(resolution)", of: .zarr, saying: words) { root, _ in
            try replace(word, with: other, in: "\(root)/35VLH/2024/\(resolution)/zarr.json")
        }
    }

    /// Another word in a file of a GeoTIFF's folder.
    private static func file(_ name: String, _ word: String, _ other: String, saying words: String...) -> Alteration {
        Alteration("\(word) is \(other) in \(name)", of: .cog, saying: words + [" in \(name)"]) { root, product in
            try replace(word, with: other, in: "\(root)/\(COGLayout.key(of: product))/\(name)")
        }
    }

    /// Other bytes in a GeoTIFF.
    private static func bytes(
        _ name: String,
        _ what: String,
        _ bytes: [UInt8],
        _ others: [UInt8],
        saying words: String...
    ) -> Alteration {
        Alteration("\(what) in \(name)", of: .cog, saying: words + [" in \(name)"]) { root, product in
            try replace(bytes, with: others, in: "\(root)/\(COGLayout.key(of: product))/\(name)")
        }
    }

    private static func replace(_ word: String, with other: String, in path: String) throws {
        try replace(Array(word.utf8), with: Array(other.utf8), in: path)
    }

    /// Replaces the first of what stands there, by a file of its own: others are links to the same.
    private static func replace(_ old: [UInt8], with new: [UInt8], in path: String) throws {
        var content = try FileSystem.contents(of: path)
        let range = try #require(content.firstRange(of: old), "\(path) lacks what is to be altered")
        content.replaceSubrange(range, with: new)
        try AtomicFile.write(content, to: path)
    }

    private static func raw<Value: BitwiseCopyable>(_ values: Value...) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }
}

extension Alteration {
    static let all = cubes + geoTIFFs

    private static let cubes = [
        variable(
            "10m/x",
            at: 17,
            300_182.0,
            saying: "x at 10m",
            "except pixel 17 at 300182",
            "from 300000 by 10 m, 192 pixels"
        ),
        variable("60m/y", at: 0, 6_800_000.0, saying: "y at 60m", "except pixel 0 at 6800000", "from 6800040 by -60 m"),
        variable(
            "20m/radiometric_add_offset",
            at: 6,
            Int32(0),
            saying: "radiometric_add_offset at 20m",
            "0 -1000 -1000"
        ),
        variable("10m/quantification_value", at: 1, 9999.0, saying: "9999.0", "10000.0"),
        variable("10m/view_zenith", at: 5, 45.5, saying: "view_zenith at 10m", " 45.5 "),
        variable("60m/granule_sensing_time", at: 1, Int64(0), saying: "1970-01-01T00:00:00.000Z"),
        Alteration("20m/time is later", of: .shardzarr, saying: ["time of ", " in 20m/time", "MTD_MSIL1C.xml"]) {
            root,
            _ in
            let array = try array("20m/time", root)
            var times = try array.readAll(Int64.self)
            times[1] += 5000
            try array.writeAll(times)
        },
        document("60m", "milliseconds since 1970", "milliseconds since 1980", saying: "in milliseconds since 1980"),
        variable("10m/wavelength", at: 2, 700.25, saying: "wavelength at 10m", " 700.25 "),
        text("20m/band", at: 1, "B07", saying: "band at 20m", "B05 B07 B07 B8A B11 B12", "B05 B06 B07 B8A B11 B12"),
        text("60m/processing_baseline", at: 1, "02.04", saying: "02.04", "05.10"),
        text("10m/orbit_direction", at: 1, "ASCENDING", saying: "ASCENDING", "DESCENDING"),
        document(
            "60m",
            "300000 60 0 6800040",
            "300060 60 0 6800040",
            saying: "x at 60m",
            "from 300060",
            "GeoTransform"
        ),
        document(
            "10m",
            #""crs": "EPSG:32635""#,
            #""crs": "EPSG:32636""#,
            saying: "CRS at 10m",
            "EPSG:32636",
            "10m/crs"
        ),
        document("20m", #""nodata": 0"#, #""nodata": 7"#, saying: "nodata at 20m", "is 7 in"),
    ]

    private static let geoTIFFs = [
        file("MTD_MSIL1C.xml", "<PROCESSING_BASELINE>05.10", "<PROCESSING_BASELINE>05.11", saying: "05.11", "05.10"),
        file("MTD_MSIL1C.xml", ">10000</QUANT", ">9000</QUANT", saying: "quantification_value", "9000.0", "10000.0"),
        file("MTD_TL.xml", "EPSG:32635", "EPSG:32636", saying: "CRS at 60m", "EPSG:32636", "EPSG:32635"),
        file("20m.tif", ">B06<", ">B66<", saying: "band at 20m", "B05 B66 B07"),
        file("60m.tif", ">-0.1", ">-0.2", saying: "radiometric_add_offset at 60m", "-2000 "),
        file("10m.tif", ">DESCENDING<", ">ASCENDING <", saying: "orbit_direction", "ASCENDING"),
        bytes(
            "10m.tif",
            "the easting",
            raw(300_000.0),
            raw(300_010.0),
            saying: "x at 10m",
            "from 300010",
            "from 300000"
        ),
        bytes(
            "60m.tif",
            "the zone",
            raw(UInt16(3072), 0, 1, 32_635),
            raw(UInt16(3072), 0, 1, 32_636),
            saying: "CRS at 60m",
            "EPSG:32636",
            "EPSG:32635"
        ),
    ]
}
