// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#chunk-key-encoding

/// How a chunk's place in the grid becomes its key.
public struct ChunkKeyEncoding: Sendable, Equatable {
    /// The specification's two schemes.
    public enum Name: String, Sendable {
        /// `c/1/2`
        case `default`
        /// `1.2`
        case v2
    }

    /// The scheme.
    public var name: Name
    /// `/` or `.`, between the numbers.
    public var separator: String

    /// Creates an encoding; the separator's default is the scheme's own.
    public init(_ name: Name = .default, separator: String? = nil) {
        self.name = name
        self.separator = separator ?? (name == .default ? "/" : ".")
    }

    init(json: JSONValue?) throws {
        let spelled = json?.stringValue ?? json?["name"]?.stringValue
        guard let name = spelled.flatMap(Name.init(rawValue:)) else {
            throw PipelineError(.unsupported, "chunk_key_encoding \(json?.serialized() ?? "is missing")")
        }
        self.init(name, separator: json?["configuration"]?["separator"]?.stringValue)
        guard separator == "/" || separator == "." else {
            throw PipelineError(.unsupported, "chunk_key_encoding: the separator '\(separator)' is neither / nor .")
        }
    }

    var json: JSONValue { ["name": .string(name.rawValue), "configuration": ["separator": .string(separator)]] }

    /// The key of a chunk, below the array's path.
    public func key(_ index: [Int]) -> String {
        switch name {
        case .default: index.reduce(into: "c") { $0 += separator + String($1) }
        case .v2: index.isEmpty ? "0" : index.map { String($0) }.joined(separator: separator)
        }
    }
}
