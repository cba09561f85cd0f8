// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#array

/// One array of a Zarr version 3 store.
///
/// ```swift
/// let array = try ZarrArray.open(store: LocalStore(root: "/data/35VLH/2024/10m"), path: "data")
/// try await array.read(region: [0..<24, 0..<4, 100..<610, 100..<610], into: pixels, on: executor)
/// ```
///
/// A value: what it holds was checked when it was opened, and any number of threads may use it.
public struct ZarrArray: Sendable {
    /// Where the array lies.
    public let store: any ObjectStore
    /// Its path in the store; empty for the root.
    public let path: String
    /// What its `zarr.json` says.
    public let metadata: ArrayMetadata
    let pipeline: CodecPipeline
    let fillBytes: [UInt8]
    let knownShards = KnownObjects<KnownShard.Entry>()
    let knownChunks = KnownObjects<KnownChunk>()
    let chunkSizes = ChunkSizes()

    /// Binds metadata to a place in a store; nothing is read or written.
    ///
    /// - Throws: `unsupported` when the metadata makes no array that these tools can read.
    public init(store: any ObjectStore, path: String, metadata: ArrayMetadata) throws {
        self.store = store
        self.path = path
        self.metadata = metadata
        do {
            try metadata.validate()
            fillBytes = try metadata.fillValue.bytes(for: metadata.dataType)
            let chunk = ChunkRepresentation(
                shape: metadata.chunkShape,
                dataType: metadata.dataType,
                fillValue: fillBytes
            )
            pipeline = try CodecPipeline(metadata.codecs, representation: chunk)
        } catch let error as PipelineError {
            throw error.within("array \(store)/\(ObjectKey.join(path, MetadataDocument.name))")
        }
    }

    /// Opens an array that exists.
    ///
    /// - Throws: `notFound` when there is none, `corrupt` or `unsupported` when its metadata cannot be used.
    public static func open(store: any ObjectStore, path: String) throws -> ZarrArray {
        let key = ObjectKey.join(path, MetadataDocument.name)
        guard let bytes = try store.get(key) else {
            throw PipelineError(.notFound, "\(store)/\(key) does not exist; is \(path) an array of Zarr version 3?")
        }
        let metadata: ArrayMetadata
        do {
            metadata = try ArrayMetadata(json: JSONValue(parsing: bytes, named: MetadataDocument.name))
        } catch {
            throw PipelineError.told(error, within: "\(store)/\(key)")
        }
        return try ZarrArray(store: store, path: path, metadata: metadata)
    }

    /// Writes an array's metadata and returns the array, whose elements all have the fill value.
    ///
    /// Chunks of an array that was there are not removed.
    @discardableResult
    public static func create(store: any ObjectStore, path: String, metadata: ArrayMetadata) throws -> ZarrArray {
        let array = try ZarrArray(store: store, path: path, metadata: metadata)
        try array.writeMetadata()
        return array
    }

    func writeMetadata() throws {
        try store.put(ObjectKey.join(path, MetadataDocument.name), metadata.document, durability: .synchronized)
    }

    /// The key of a chunk in the store.
    public func key(ofChunk index: [Int]) -> String { ObjectKey.join(path, metadata.chunkKeyEncoding.key(index)) }

    /// Bytes of a whole chunk in memory.
    public var chunkByteCount: Int { pipeline.representation.byteCount }

    /// Bytes that a region takes in memory.
    public func byteCount(of region: [Range<Int>]) -> Int {
        region.reduce(pipeline.representation.elementBytes) { $0 * $1.count }
    }

    /// An error, told with the chunk in which it happened.
    func inChunk(_ key: String, error: any Error) -> any Error {
        PipelineError.told(error, within: "chunk \(store)/\(key)")
    }
}
