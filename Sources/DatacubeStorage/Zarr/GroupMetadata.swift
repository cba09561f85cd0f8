// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#group-metadata
// Consolidated metadata has no text in the specification yet; this is zarr-python's form:
// https://zarr.readthedocs.io/en/stable/user-guide/consolidated_metadata.html

/// The content of a group's `zarr.json`.
public struct GroupMetadata: Sendable, Equatable {
    /// Whatever there is to say about the group.
    public var attributes: [String: JSONValue]
    /// The documents of the nodes below the group by path, so that one read opens them all; nil when absent.
    public var consolidated: [String: JSONValue]?

    /// Creates metadata.
    public init(attributes: [String: JSONValue] = [:], consolidated: [String: JSONValue]? = nil) {
        self.attributes = attributes
        self.consolidated = consolidated
    }

    /// Reads a metadata document.
    public init(json: JSONValue) throws {
        let known: Set<String> = ["zarr_format", "node_type", "attributes", "consolidated_metadata"]
        try MetadataDocument.check(json, nodeType: "group", known: known)
        self.init(attributes: try MetadataDocument.attributes(json))
        guard let consolidated = json["consolidated_metadata"], !consolidated.isNull else { return }
        guard consolidated["kind"] == "inline", let nodes = consolidated["metadata"]?.objectValue else {
            if consolidated["must_understand"] == false { return }
            throw PipelineError(.unsupported, "consolidated_metadata is not of the kind 'inline'")
        }
        self.consolidated = nodes
    }

    /// The bytes of the group's `zarr.json`, the same for equal metadata.
    var document: [UInt8] { Array((json.serialized(pretty: true) + "\n").utf8) }

    /// The metadata document.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "zarr_format": 3, "node_type": "group", "attributes": .object(attributes),
        ]
        if let consolidated {
            members["consolidated_metadata"] = [
                "kind": "inline", "must_understand": false, "metadata": .object(consolidated),
            ]
        }
        return .object(members)
    }
}
