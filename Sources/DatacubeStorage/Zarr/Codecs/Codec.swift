// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#codecs

/// What a codec is given to encode: the shape, type and fill value of a chunk.
struct ChunkRepresentation: Sendable, Equatable {
    var shape: [Int]
    let dataType: DataType
    /// One element in this machine's byte order; nothing for text.
    let fillValue: [UInt8]

    /// Bytes of one element; 1 for text, whose elements are counted only.
    var elementBytes: Int { dataType.byteCount ?? 1 }
    /// Bytes of the whole chunk.
    var byteCount: Int { Shape.count(shape) * elementBytes }
}

/// Rearranges elements; the number of bytes stays.
protocol ArrayToArrayCodec: Sendable {
    /// What ``encode(_:into:)`` makes.
    var encoded: ChunkRepresentation { get }
    func encode(_ chunk: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer)
    func decode(_ encoded: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer)
}

/// Turns a chunk of elements into bytes.
protocol ArrayToBytesCodec: Sendable {
    func encode(_ chunk: UnsafeRawBufferPointer) throws -> [UInt8]
    /// Decodes bytes that must make exactly the chunk.
    func decode(_ bytes: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer) throws
}

/// Turns bytes into other bytes.
protocol BytesToBytesCodec: Sendable {
    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8]
    /// Decodes bytes that must fill `result` exactly.
    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws
    /// Decodes bytes of unknown decoded size, of which more than `limit` are refused.
    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8]
    /// The decoded bytes, where they are a part of the encoded ones; nil where decoding makes new ones.
    func view(_ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer?
}

extension BytesToBytesCodec {
    func view(_ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? { nil }
}

extension CodecDescription {
    /// A whole number of the configuration within a range.
    func integer(_ name: String, default standard: Int? = nil, in range: ClosedRange<Int>) throws -> Int {
        guard let value = configuration[name].map(\.intValue) ?? standard, range.contains(value) else {
            throw invalid(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A truth value of the configuration.
    func bool(_ name: String, default standard: Bool) throws -> Bool {
        guard let value = configuration[name].map(\.boolValue) ?? standard else {
            throw invalid(name, expected: "true or false")
        }
        return value
    }

    /// The error for a parameter that makes no sense.
    func invalid(_ parameter: String, expected: String) -> PipelineError {
        let value = configuration[parameter]?.serialized() ?? "absent"
        return PipelineError(.unsupported, "codec \(name): \(parameter) is \(value); expected is \(expected)")
    }

    /// The error for bytes that this codec did not make.
    static func corrupt(_ name: String, _ reason: String) -> PipelineError {
        PipelineError(
            .corrupt,
            "codec \(name): \(reason); the bytes are damaged, write the chunk again from its source"
        )
    }
}
