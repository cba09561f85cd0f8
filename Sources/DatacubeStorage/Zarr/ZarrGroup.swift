// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#group

/// A group of arrays.
public struct ZarrGroup: Sendable {
    /// Where the group lies.
    public let store: any ObjectStore
    /// Its path in the store; empty for the root.
    public let path: String
    /// What the group says of itself.
    public let attributes: [String: JSONValue]
    /// The arrays below the group by their path in it.
    public let arrays: [String: ArrayMetadata]
    /// The bytes of its `zarr.json`.
    let document: [UInt8]

    /// Opens a group by its consolidated metadata, or by looking at what lies directly below it.
    ///
    /// - Returns: nil when there is no group.
    /// - Throws: `corrupt` or `unsupported` when a document cannot be used.
    public static func open(store: any ObjectStore, path: String) throws -> ZarrGroup? {
        let key = ObjectKey.join(path, MetadataDocument.name)
        guard let bytes = try store.get(key) else { return nil }
        do {
            let metadata = try GroupMetadata(json: JSONValue(parsing: bytes, named: MetadataDocument.name))
            let nodes = try metadata.consolidated ?? listed(store, path: path)
            let arrays = try nodes.compactMapValues { node in
                node["node_type"] == "array" ? try ArrayMetadata(json: node) : nil
            }
            return ZarrGroup(store: store, path: path, attributes: metadata.attributes, arrays: arrays, document: bytes)
        } catch {
            throw PipelineError.told(error, within: "group \(store)/\(key)")
        }
    }

    private static func listed(_ store: any ObjectStore, path: String) throws -> [String: JSONValue] {
        var nodes: [String: JSONValue] = [:]
        for name in try store.children(of: path.isEmpty ? "" : path + "/") where name != MetadataDocument.name {
            let key = ObjectKey.join(ObjectKey.join(path, name), MetadataDocument.name)
            if let bytes = try store.get(key) { nodes[name] = try JSONValue(parsing: bytes, named: key) }
        }
        return nodes
    }

    /// One of ``arrays``.
    ///
    /// - Throws: `notFound` with the names that there are.
    public func array(_ name: String) throws -> ZarrArray {
        guard let metadata = arrays[name] else {
            let names = arrays.keys.sorted().joined(separator: ", ")
            throw PipelineError(.notFound, "group \(store)/\(path) has no array \(name); it has \(names)")
        }
        return try ZarrArray(store: store, path: ObjectKey.join(path, name), metadata: metadata)
    }

    /// Makes what was written part of the group: flushes the chunks, writes the arrays' metadata, then the group's own.
    ///
    /// The group's document comes last and has the arrays' in it. A reader that opens the group therefore sees the state
    /// before or after, whenever the writer is killed.
    ///
    /// - Parameters:
    ///   - store: Where the group lies.
    ///   - path: Its path in the store; empty for the root.
    ///   - attributes: What the group says of itself.
    ///   - arrays: All arrays of the group by their path in it.
    ///   - beforeDeclaring: Called when the chunks are safe, with the documents that are about to be written.
    /// - Returns: The group as it is now.
    /// - Throws: `unsupported` for metadata that makes no array, or what the store says.
    @discardableResult
    public static func commit(
        store: any ObjectStore,
        path: String,
        attributes: [String: JSONValue],
        arrays: [String: ArrayMetadata],
        beforeDeclaring: (_ documents: [(key: String, bytes: [UInt8])]) throws -> Void = { _ in }
    ) throws -> ZarrGroup {
        let described = try arrays.sorted { $0.key < $1.key }.map { name, metadata in
            try ZarrArray(store: store, path: ObjectKey.join(path, name), metadata: metadata)
        }
        let metadata = GroupMetadata(attributes: attributes, consolidated: arrays.mapValues(\.json))
        let documents =
            described.map { (key: ObjectKey.join($0.path, MetadataDocument.name), bytes: $0.metadata.document) }
            + [(key: ObjectKey.join(path, MetadataDocument.name), bytes: metadata.document)]
        try store.synchronize()
        try beforeDeclaring(documents)
        for (key, bytes) in documents { try store.put(key, bytes, durability: .synchronized) }
        return ZarrGroup(
            store: store,
            path: path,
            attributes: attributes,
            arrays: arrays,
            document: metadata.document
        )
    }
}
