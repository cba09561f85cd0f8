extension DataFormat {
    /// The options with which `safe2zarr` made the cubes of a tile-year, as far as they are not its own; none where the cubes
    /// cannot tell.
    func chunkOptions(of tileYear: TileYear, in store: any ObjectStore) throws -> [String] {
        let layout = try cubeLayout()
        // What cannot be read says nothing: an archive, an inventory, a document.
        guard let place = try? layout.cubes(of: tileYear, in: store), let metadata = place.listedMetadata(),
            let dates = metadata.chunkShape.first, let pixels = metadata.innerShape.last
        else { return [] }
        return (dates == CubeSchema.Chunking().dates ? [] : ["--chunk_time \(dates)"])
            + (pixels == layout.chunks.defaultPixels ? [] : ["--chunk_size \(pixels)"])
            + metadata.innerCodecs.flatMap(\.bloscOptions)
    }
}

extension CubePlace {
    /// What an array of pixels says of itself, of the resolutions the first one whose document, or whose group's, is as listed.
    fileprivate func listedMetadata() -> ArrayMetadata? {
        for resolution in Resolution.allCases {
            let group = path(of: resolution)
            let listed = (try? inventory(of: resolution).read())?.entries
            func isListed(_ name: String) -> Bool {
                guard let bytes = try? store.get(ObjectKey.join(group, name)) else { return false }
                return listed == nil || listed?[name]?.md5 == (try? MessageDigest.hexadecimal(of: bytes, .md5))
            }
            if isListed("data/\(MetadataDocument.name)"),
                let array = try? ZarrArray.open(store: store, path: ObjectKey.join(group, "data"))
            {
                return array.metadata
            }
            if isListed(MetadataDocument.name),
                let metadata = try? ZarrGroup.open(store: store, path: group)?.array("data").metadata
            {
                return metadata
            }
        }
        return nil
    }
}

extension ArrayMetadata {
    private var sharding: CodecDescription? { codecs.first { $0.name == "sharding_indexed" } }

    /// The shape of what is compressed at a time.
    fileprivate var innerShape: [Int] { sharding?.configuration["chunk_shape"]?.intArray ?? chunkShape }

    /// How that is compressed.
    fileprivate var innerCodecs: [CodecDescription] {
        (sharding?.configuration["codecs"]).flatMap { try? CodecDescription.list($0) } ?? codecs
    }
}

extension CodecDescription {
    /// The options of `safe2zarr` for Blosc, as far as they are not its own.
    fileprivate var bloscOptions: [String] {
        let usual = CubeSchema.Chunking.standardBlosc.configuration
        guard name == "blosc" else { return [] }
        return [("cname", "compressor"), ("clevel", "level"), ("shuffle", "shuffle")].compactMap { field, option in
            guard let value = configuration[field], value != usual[field] else { return nil }
            return "--\(option) \(value.stringValue ?? value.serialized())"
        }
    }
}
