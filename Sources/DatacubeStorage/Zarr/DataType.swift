// https://zarr-specs.readthedocs.io/en/latest/v3/data-types/index.html
// https://github.com/zarr-developers/zarr-extensions/tree/main/data-types/string

/// What one element of an array is; the raw value is the specification's name.
public enum DataType: String, Sendable, CaseIterable {
    case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64, string

    /// Bytes of one element; nil for text, whose elements differ in length.
    public var byteCount: Int? {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        case .string: nil
        }
    }

    init(json: JSONValue?) throws {
        let name = json?.stringValue ?? json?["name"]?.stringValue
        guard let name, json?["configuration"]?.objectValue?.isEmpty ?? true, let type = DataType(rawValue: name) else {
            throw PipelineError(
                .unsupported,
                "data_type \(json?.serialized() ?? "is missing"); known are \(Self.known)"
            )
        }
        self = type
    }

    private static var known: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// A Swift type whose values lie in memory as the elements of one data type do.
public protocol ZarrElement: BitwiseCopyable, Sendable {
    /// The specification's type for it.
    static var dataType: DataType { get }
}

extension Bool: ZarrElement {
    /// The type `bool`.
    public static var dataType: DataType { .bool }
}
extension Int8: ZarrElement {
    /// The type `int8`.
    public static var dataType: DataType { .int8 }
}
extension Int16: ZarrElement {
    /// The type `int16`.
    public static var dataType: DataType { .int16 }
}
extension Int32: ZarrElement {
    /// The type `int32`.
    public static var dataType: DataType { .int32 }
}
extension Int64: ZarrElement {
    /// The type `int64`.
    public static var dataType: DataType { .int64 }
}
extension Int: ZarrElement {
    /// The type `int64`.
    public static var dataType: DataType { .int64 }
}
extension UInt8: ZarrElement {
    /// The type `uint8`.
    public static var dataType: DataType { .uint8 }
}
extension UInt16: ZarrElement {
    /// The type `uint16`.
    public static var dataType: DataType { .uint16 }
}
extension UInt32: ZarrElement {
    /// The type `uint32`.
    public static var dataType: DataType { .uint32 }
}
extension UInt64: ZarrElement {
    /// The type `uint64`.
    public static var dataType: DataType { .uint64 }
}
extension Float: ZarrElement {
    /// The type `float32`.
    public static var dataType: DataType { .float32 }
}
extension Double: ZarrElement {
    /// The type `float64`.
    public static var dataType: DataType { .float64 }
}
