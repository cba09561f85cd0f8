// OGC GeoTIFF 1.1 (https://docs.ogc.org/is/19-008r4/19-008r4.html): ModelTiepointTag, ModelPixelScaleTag, GeoKeyDirectoryTag

extension TIFFDirectory {
    // ProjectedCRSGeoKey
    private static let projectedKey = 3072

    /// Where the pixels of a north-up raster lie: the corner that its tie point gives, its square pixels, its zone.
    ///
    /// - Throws: `unsupported` when the file does not say so in this way.
    func georeference() throws -> Georeference {
        let (scale, tie, keys) = (try doubles(.pixelScale), try doubles(.tiePoints), try values(.geoKeys))
        // Key, place, count and value, after a header of four numbers.
        let projected = stride(from: 4, to: max(keys.count - 3, 4), by: 4).first {
            keys[$0] == Self.projectedKey
        }
        guard scale.count >= 2, scale[0] == scale[1], tie.count >= 6, tie[0] == 0, tie[1] == 0, let projected,
            scale[0] > 0, tie[3].isFinite, tie[4].isFinite
        else {
            throw PipelineError(
                .unsupported,
                "\(path) does not say where its pixels lie as safe2cog writes it; convert the product again"
            )
        }
        return Georeference(epsg: keys[projected + 3], west: tie[3], north: tie[4], pixelSize: scale[0])
    }
}
