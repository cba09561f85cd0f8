/// One of the places in which a cube says where its pixels lie; different readers look into different ones.
struct CubePlacement: Sendable {
    /// Array and attribute, or the group's attribute: `data, spatial:transform`.
    let name: String
    /// From column and row to metres, in the order of an affine transformation; empty where it is not said.
    let transform: [Double]
    let width: Int
    let height: Int
}

extension Cube {
    private var ofGroup: [String: JSONValue] { group.attributes }
    private var ofData: [String: JSONValue] { data.metadata.attributes }
    private var ofMapping: [String: JSONValue] { group.arrays["spatial_ref"]?.attributes ?? [:] }

    /// The code of the coordinate reference system, `EPSG:32635`, in each place that says it; nil where it does not.
    var systems: [(name: String, code: String?)] {
        [
            ("data, proj:code", ofData["proj:code"]?.stringValue), ("proj:code", ofGroup["proj:code"]?.stringValue),
            ("crs", ofGroup["crs"]?.stringValue), ("spatial_ref, crs_wkt", Self.code(ofMapping["crs_wkt"])),
            ("spatial_ref, spatial_ref", Self.code(ofMapping["spatial_ref"])),
        ]
    }

    /// Where the pixels lie, in each place that says it.
    var placements: [CubePlacement] {
        let shape = data.metadata.shape
        func own(_ name: String, _ transform: [Double]) -> CubePlacement {
            CubePlacement(name: name, transform: transform, width: shape[3], height: shape[2])
        }
        return [
            Self.spatial(ofData, owner: "data, "), own("data, spatial:bbox", Self.transform(ofBox: ofData, shape)),
            Self.spatial(ofGroup, owner: ""), own("spatial:bbox", Self.transform(ofBox: ofGroup, shape)),
            own("transform", Self.numbers(inWords: ofGroup["transform"])),
            own("spatial_ref, GeoTransform", Self.affine(Self.numbers(inWords: ofMapping["GeoTransform"]))),
        ]
    }

    /// The value of pixels that hold nothing; nil where it is not said.
    var noData: Int? { ofData["nodata"]?.intValue }

    /// The code that well-known text of version 1 ends with; the text where it ends otherwise.
    private static func code(_ text: JSONValue?) -> String? {
        guard let words = text?.stringValue?.split(separator: "\""), let place = words.lastIndex(of: "EPSG"),
            place + 2 < words.endIndex
        else { return text?.stringValue }
        return "EPSG:\(words[place + 2])"
    }

    private static func spatial(_ attributes: [String: JSONValue], owner: String) -> CubePlacement {
        let shape = attributes["spatial:shape"]?.arrayValue?.compactMap(\.intValue) ?? []
        return CubePlacement(
            name: owner + "spatial:transform",
            transform: numbers(attributes["spatial:transform"]),
            width: shape.last ?? 0,
            height: shape.first ?? 0
        )
    }

    private static func transform(ofBox attributes: [String: JSONValue], _ shape: [Int]) -> [Double] {
        let box = numbers(attributes["spatial:bbox"])
        guard box.count == 4 else { return [] }
        let (width, height) = ((box[2] - box[0]) / Double(shape[3]), (box[3] - box[1]) / Double(shape[2]))
        return [width, 0, box[0], 0, -height, box[3]]
    }

    private static func numbers(_ list: JSONValue?) -> [Double] { list?.arrayValue?.compactMap(\.doubleValue) ?? [] }

    private static func numbers(inWords text: JSONValue?) -> [Double] {
        (text?.stringValue ?? "").split { "|, \n".contains($0) }.compactMap { Double($0) }
    }

    /// The order of GDAL's geotransform brought to that of an affine transformation.
    private static func affine(_ geotransform: [Double]) -> [Double] {
        geotransform.count == 6 ? [1, 2, 0, 4, 5, 3].map { geotransform[$0] } : geotransform
    }
}
