// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#array-metadata

extension ArrayMetadata {
    /// The bytes of the array's `zarr.json`, the same for equal metadata.
    var document: [UInt8] { Array((json.serialized(pretty: true) + "\n").utf8) }

    /// Reads a metadata document.
    ///
    /// - Throws: `corrupt` for a document that is no array's; `unsupported` for what these tools cannot read, such as
    ///   a data type, a codec or an extension that must be understood.
    public init(json: JSONValue) throws {
        try MetadataDocument.check(json, nodeType: "array", known: Self.knownMembers)
        let dataType = try DataType(json: json["data_type"])
        self.init(
            shape: try Self.lengths(json["shape"], name: "shape"),
            chunkShape: try Self.chunkShape(json["chunk_grid"]),
            dataType: dataType,
            fillValue: try FillValue(json: json["fill_value"], dataType: dataType),
            codecs: try CodecDescription.list(json["codecs"]),
            dimensionNames: json["dimension_names"]?.arrayValue?.map(\.stringValue),
            attributes: try MetadataDocument.attributes(json)
        )
        chunkKeyEncoding = try ChunkKeyEncoding(json: json["chunk_key_encoding"])
        guard json["storage_transformers"]?.arrayValue?.isEmpty ?? true else {
            throw PipelineError(.unsupported, "storage_transformers are not known to these tools")
        }
        try validate()
    }

    /// The metadata document.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "zarr_format": 3, "node_type": "array",
            "shape": .array(shape.map(JSONValue.int)),
            "data_type": .string(dataType.rawValue),
            "chunk_grid": [
                "name": "regular", "configuration": ["chunk_shape": .array(chunkShape.map(JSONValue.int))],
            ],
            "chunk_key_encoding": chunkKeyEncoding.json,
            "fill_value": fillValue.json,
            "codecs": .array(codecs.map(\.json)),
            "attributes": .object(attributes),
            "storage_transformers": [],
        ]
        if let dimensionNames {
            members["dimension_names"] = .array(dimensionNames.map { $0.map(JSONValue.string) ?? .null })
        }
        return .object(members)
    }

    private static let knownMembers: Set<String> = [
        "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding", "fill_value", "codecs",
        "attributes", "storage_transformers", "dimension_names",
    ]

    static func lengths(_ json: JSONValue?, name: String) throws -> [Int] {
        guard let lengths = json?.intArray else {
            throw PipelineError(.corrupt, "\(name) \(json?.serialized() ?? "is missing"): not a list of whole numbers")
        }
        return lengths
    }

    private static func chunkShape(_ json: JSONValue?) throws -> [Int] {
        guard json?["name"]?.stringValue == "regular" else {
            throw PipelineError(
                .unsupported,
                "chunk_grid \(json?.serialized() ?? "is missing"); only 'regular' is known"
            )
        }
        return try lengths(json?["configuration"]?["chunk_shape"], name: "chunk_shape")
    }
}

/// What the documents of arrays and groups have in common.
enum MetadataDocument {
    /// The name of the document below a node's path.
    static let name = "zarr.json"

    /// Refuses another format or kind of node, and members that must be understood and are not.
    static func check(_ json: JSONValue, nodeType: String, known: Set<String>) throws {
        guard let members = json.objectValue, json["zarr_format"]?.intValue == 3 else {
            throw PipelineError(.unsupported, "not a Zarr version 3 document: zarr_format must be 3")
        }
        guard json["node_type"]?.stringValue == nodeType else {
            throw PipelineError(
                .mismatch,
                "node_type is \(json["node_type"]?.serialized() ?? "missing"), not \(nodeType)"
            )
        }
        for (name, value) in members where !known.contains(name) && value["must_understand"] != false {
            throw PipelineError(
                .unsupported,
                "the extension '\(name)' must be understood and is not known to these tools"
            )
        }
    }

    static func attributes(_ json: JSONValue) throws -> [String: JSONValue] {
        guard let value = json["attributes"] else { return [:] }
        guard let attributes = value.objectValue else { throw PipelineError(.corrupt, "attributes is not an object") }
        return attributes
    }
}
