// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#fill-value

/// What elements of chunks that are not stored have.
public enum FillValue: Sendable, Equatable {
    /// For `bool`.
    case bool(Bool)
    /// For the whole numbers.
    case integer(Int)
    /// For `float32` and `float64`.
    case floatingPoint(Double)
    /// The bits of a floating-point number, for a NaN that carries a payload.
    case bits(UInt64)
    /// For `string`.
    case string(String)
}

extension FillValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByStringLiteral
{
    /// Creates a whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// Creates a floating-point number.
    public init(floatLiteral value: Double) { self = .floatingPoint(value) }
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Creates text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension FillValue {
    /// Reads the metadata's `fill_value` for a type.
    init(json: JSONValue?, dataType: DataType) throws {
        switch (json, dataType) {
        case (.bool(let value), .bool): self = .bool(value)
        case (.string(let text), .string): self = .string(text)
        case (.string(let text), .float32), (.string(let text), .float64):
            self = try FillValue(floatingPoint: text)
        case (_, .float32), (_, .float64):
            guard let value = json?.doubleValue else { throw Self.mismatch(json, dataType: dataType) }
            self = .floatingPoint(value)
        default:
            guard dataType != .bool, dataType != .string, let value = json?.intValue else {
                throw Self.mismatch(json, dataType: dataType)
            }
            self = .integer(value)
        }
        _ = try bytes(for: dataType)
    }

    private init(floatingPoint text: String) throws {
        switch text {
        case "NaN": self = .floatingPoint(.nan)
        case "Infinity": self = .floatingPoint(.infinity)
        case "-Infinity": self = .floatingPoint(-.infinity)
        default:
            guard text.hasPrefix("0x"), let bits = UInt64(text.dropFirst(2), radix: 16) else {
                throw PipelineError(.unsupported, "fill_value \"\(text)\" is no floating-point number")
            }
            self = .bits(bits)
        }
    }

    /// The value for the metadata document.
    var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .integer(let value): .int(value)
        case .floatingPoint(let value) where value.isNaN: "NaN"
        case .floatingPoint(let value) where value.isInfinite: value > 0 ? "Infinity" : "-Infinity"
        case .floatingPoint(let value): .double(value)
        case .bits(let value): .string("0x" + String(value, radix: 16))
        case .string(let value): .string(value)
        }
    }

    /// One element in this machine's byte order; nothing for `string`.
    func bytes(for dataType: DataType) throws -> [UInt8] {
        switch (self, dataType) {
        case (.bool(let value), .bool): [value ? 1 : 0]
        case (.string, .string): []
        case (.floatingPoint(let value), .float32): Self.bytes(of: Float(value).bitPattern)
        case (.floatingPoint(let value), .float64): Self.bytes(of: value.bitPattern)
        case (.bits(let bits), .float32): try Self.bytes(UInt32(exactly: bits), fill: self, dataType: dataType)
        case (.bits(let bits), .float64): Self.bytes(of: bits)
        case (.integer(let value), _): try Self.bytes(ofInteger: value, self, dataType: dataType)
        default: throw Self.mismatch(json, dataType: dataType)
        }
    }

    private static func bytes(ofInteger value: Int, _ fill: FillValue, dataType: DataType) throws -> [UInt8] {
        switch dataType {
        case .int8: try bytes(Int8(exactly: value), fill: fill, dataType: dataType)
        case .int16: try bytes(Int16(exactly: value), fill: fill, dataType: dataType)
        case .int32: try bytes(Int32(exactly: value), fill: fill, dataType: dataType)
        case .int64: bytes(of: Int64(value))
        case .uint8: try bytes(UInt8(exactly: value), fill: fill, dataType: dataType)
        case .uint16: try bytes(UInt16(exactly: value), fill: fill, dataType: dataType)
        case .uint32: try bytes(UInt32(exactly: value), fill: fill, dataType: dataType)
        case .uint64: try bytes(UInt64(exactly: value), fill: fill, dataType: dataType)
        case .float32: bytes(of: Float(value).bitPattern)
        case .float64: bytes(of: Double(value).bitPattern)
        case .bool, .string: throw mismatch(fill.json, dataType: dataType)
        }
    }

    private static func bytes<Value: FixedWidthInteger>(
        _ value: Value?,
        fill: FillValue,
        dataType: DataType
    ) throws -> [UInt8] {
        guard let value else { throw mismatch(fill.json, dataType: dataType) }
        return bytes(of: value)
    }

    private static func bytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
        unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
    }

    private static func mismatch(_ json: JSONValue?, dataType: DataType) -> PipelineError {
        PipelineError(
            .unsupported,
            "fill_value \(json?.serialized() ?? "is missing"): not a value of \(dataType.rawValue)"
        )
    }
}
