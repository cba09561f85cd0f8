// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/bytes/index.html
// {"name": "bytes", "configuration": {"endian": "little"}}

/// Elements one after another, in C order, in little- or big-endian byte order.
struct BytesCodec: ArrayToBytesCodec {
    let representation: ChunkRepresentation
    /// Whether stored elements have another byte order than this machine.
    let swaps: Bool

    init(_ description: CodecDescription, representation: ChunkRepresentation) throws {
        guard representation.dataType != .string else {
            throw PipelineError(.unsupported, "codec bytes cannot store the data type string; vlen-utf8 can")
        }
        self.representation = representation
        switch (description.configuration["endian"]?.stringValue, representation.elementBytes) {
        case (_, 1): swaps = false
        case ("little", _): swaps = 1.littleEndian != 1
        case ("big", _): swaps = 1.bigEndian != 1
        default: throw description.invalid("endian", expected: "little or big")
        }
    }

    func encode(_ chunk: UnsafeRawBufferPointer) throws -> [UInt8] {
        var bytes = unsafe [UInt8](chunk)
        if swaps { unsafe bytes.withUnsafeMutableBytes { unsafe swapInPlace($0) } }
        return bytes
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer) throws {
        guard bytes.count == chunk.count else {
            throw CodecDescription.corrupt("bytes", "\(bytes.count) bytes where the chunk has \(chunk.count)")
        }
        unsafe chunk.copyMemory(from: bytes)
        if swaps { unsafe swapInPlace(chunk) }
    }

    /// Reverses the bytes of each element.
    func swapInPlace(_ chunk: UnsafeMutableRawBufferPointer) {
        switch representation.elementBytes {
        case 2: unsafe swap(chunk, as: UInt16.self)
        case 4: unsafe swap(chunk, as: UInt32.self)
        case 8: unsafe swap(chunk, as: UInt64.self)
        default: break
        }
    }

    private func swap<Word: FixedWidthInteger & BitwiseCopyable>(_ chunk: UnsafeMutableRawBufferPointer, as: Word.Type)
    {
        var offset = 0
        while offset < chunk.count {
            let word = unsafe chunk.loadUnaligned(fromByteOffset: offset, as: Word.self)
            unsafe chunk.storeBytes(of: word.byteSwapped, toByteOffset: offset, as: Word.self)
            offset += MemoryLayout<Word>.size
        }
    }
}
