// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#array-metadata

/// The content of an array's `zarr.json`.
public struct ArrayMetadata: Sendable, Equatable {
    /// The length in each dimension.
    public var shape: [Int]
    /// The length of a stored chunk (with sharding: of a shard) in each dimension.
    public var chunkShape: [Int]
    /// What an element is.
    public var dataType: DataType
    /// What elements of missing chunks have.
    public var fillValue: FillValue
    /// From array to bytes, in the order of encoding.
    public var codecs: [CodecDescription]
    /// A name or nil for each dimension.
    public var dimensionNames: [String?]?
    /// Whatever else there is to say.
    public var attributes: [String: JSONValue]
    /// How chunks are named.
    public var chunkKeyEncoding = ChunkKeyEncoding()

    /// Creates metadata; ``validate()`` says whether it makes an array.
    public init(
        shape: [Int],
        chunkShape: [Int],
        dataType: DataType,
        fillValue: FillValue,
        codecs: [CodecDescription],
        dimensionNames: [String?]? = nil,
        attributes: [String: JSONValue] = [:]
    ) {
        self.shape = shape
        self.chunkShape = chunkShape
        self.dataType = dataType
        self.fillValue = fillValue
        self.codecs = codecs
        self.dimensionNames = dimensionNames
        self.attributes = attributes
    }

    /// The chunks' grid.
    public var grid: ChunkGrid { ChunkGrid(arrayShape: shape, chunkShape: chunkShape) }

    /// Refuses shapes that do not fit together or into memory, and a fill value of another type.
    ///
    /// - Throws: `unsupported`, with the values.
    public func validate() throws {
        guard shape.count == chunkShape.count, shape.count <= 32 else {
            throw PipelineError(
                .unsupported,
                "shape \(shape) and chunk_shape \(chunkShape) must have one rank, at most 32"
            )
        }
        guard shape.allSatisfy({ $0 >= 0 }), chunkShape.allSatisfy({ $0 > 0 }) else {
            throw PipelineError(.unsupported, "shape \(shape) or chunk_shape \(chunkShape) has an impossible length")
        }
        let elementBytes = dataType.byteCount ?? 1
        // Twice the size leaves room for index arithmetic beyond the far edges.
        guard Shape.checkedCount(chunkShape + [elementBytes, 2]) != nil,
            Shape.checkedCount(zip(shape, chunkShape).map { max($0, $1) } + [elementBytes, 2]) != nil
        else {
            throw PipelineError(.unsupported, "shape \(shape) with chunk_shape \(chunkShape) is too large for 64 bits")
        }
        if let names = dimensionNames, names.count != shape.count {
            throw PipelineError(.unsupported, "dimension_names \(names) does not match shape \(shape)")
        }
        _ = try fillValue.bytes(for: dataType)
    }
}
