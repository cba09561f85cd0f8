import Testing

@testable import DatacubeStorage

@Suite struct CubeSchemaTests {
    @Test(arguments: Resolution.allCases)
    func theArrayIsOfTheSeedLayout(_ resolution: Resolution) async throws {
        let schema = try await schema(resolution)
        let side = SyntheticArchive.extent * 10 / resolution.metres
        let data = schema.data(dates: 12)
        #expect(data.shape == [12, resolution.bands.count, side, side])
        #expect(data.chunkShape == [10, resolution.bands.count, 512, 512])
        #expect(data.dataType == .uint16 && data.fillValue == .integer(0))
        #expect(data.dimensionNames == ["time", "band", "y", "x"])
        #expect(data.codecs.map(\.name) == ["bytes", "blosc"])
        let blosc = data.codecs.last?.configuration ?? [:]
        #expect(
            blosc["cname"] == "lz4" && blosc["clevel"] == 5 && blosc["shuffle"] == "bitshuffle"
                && blosc["typesize"] == 2
        )
    }

    /// GDAL and xarray read the CF grid mapping, others `proj:` and `spatial:`, the reference's reader `crs` and `transform`.
    @Test func thePlaceIsToldToEveryReader() async throws {
        let schema = try await schema(.r60)
        let attributes = schema.data(dates: 1).attributes
        #expect(schema.groupAttributes["crs"] == "EPSG:32635")
        #expect(
            schema.groupAttributes["transform"]
                == "| 60.00, 0.00, 300000.00|\n| 0.00,-60.00, 6800040.00|\n| 0.00, 0.00, 1.00|"
        )
        #expect(attributes["grid_mapping"] == "spatial_ref")
        for place in [attributes, schema.groupAttributes] {
            #expect(place["proj:code"] == "EPSG:32635")
            #expect(
                place["spatial:transform"]?.arrayValue?.compactMap(\.doubleValue) == [
                    60, 0, 300_000, 0, -60, 6_800_040,
                ]
            )
            #expect(place["spatial:shape"] == [32, 32])
            #expect(
                place["spatial:bbox"]?.arrayValue?.compactMap(\.doubleValue) == [
                    300_000, 6_798_120, 301_920, 6_800_040,
                ]
            )
        }
        let reference = try #require(schema.coordinates.first { $0.name == "spatial_ref" }).metadata.attributes
        #expect(reference["GeoTransform"] == "300000 60 0 6800040 0 -60")
        #expect(reference["crs_wkt"]?.stringValue?.contains("UTM zone 35N") == true)
    }

    /// netCDF knows text, numbers and lists of these.
    @Test(arguments: Resolution.allCases)
    func noAttributeIsAnObject(_ resolution: Resolution) async throws {
        let schema = try await schema(resolution)
        let all = [schema.groupAttributes] + schema.arrays(dates: 1).values.map(\.attributes)
        for (name, value) in all.flatMap(\.self) {
            let values = value.arrayValue ?? [value]
            #expect(values.allSatisfy { $0.stringValue != nil || $0.doubleValue != nil }, "\(name)")
        }
    }

    @Test func coordinatesNameTheVariablesThatExist() async throws {
        let schema = try await schema(.r20)
        let arrays = schema.arrays(dates: 2)
        let named =
            schema.data(dates: 2).attributes["coordinates"]?.stringValue?.split(separator: " ").map(String.init) ?? []
        #expect(Set(named).union(["data", "time", "band", "y", "x"]) == Set(arrays.keys))
        #expect(named.count > 10 && named.contains("spatial_ref"))
        for (name, array) in arrays where name != "spatial_ref" {
            #expect(array.dimensionNames?.count == array.shape.count, "\(name)")
        }
    }

    @Test func pixelCentresLieHalfAPixelInside() {
        let grid = PixelGrid(width: 3, height: 2, left: 300_000, top: 6_800_040, metres: 20)
        #expect(grid.columnCentres == [300_010, 300_030, 300_050])
        #expect(grid.rowCentres == [6_800_030, 6_800_010])
        #expect(grid.geotransform == [300_000, 20, 0, 6_800_040, 0, -20])
    }

    private func schema(_ resolution: Resolution) async throws -> CubeSchema {
        let product = try #require(try await SyntheticArchive.products().first)
        return try CubeSchema(
            ProductImages(DescribedProduct(product)),
            resolution: resolution,
            chunking: CubeSchema.Chunking()
        )
    }
}
