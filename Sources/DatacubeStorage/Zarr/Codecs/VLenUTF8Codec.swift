// https://github.com/zarr-developers/zarr-extensions/tree/main/codecs/vlen-utf8
// {"name": "vlen-utf8"}

/// The number of elements, then each element's length in bytes and its UTF-8 text; numbers in four little-endian bytes.
struct VLenUTF8Codec: Sendable {
    let representation: ChunkRepresentation

    init(_ representation: ChunkRepresentation) throws {
        guard representation.dataType == .string else {
            throw PipelineError(.unsupported, "codec vlen-utf8 stores the data type string only")
        }
        self.representation = representation
    }

    func encode(_ elements: [String]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        append(elements.count, to: &bytes)
        for element in elements {
            let text = Array(element.utf8)
            guard text.count <= Int32.max else { throw PipelineError(.unsupported, "codec vlen-utf8: a text of 2 GiB") }
            append(text.count, to: &bytes)
            bytes += text
        }
        return bytes
    }

    func decode(_ bytes: UnsafeRawBufferPointer) throws -> [String] {
        let expected = Shape.count(representation.shape)
        var position = 0
        guard try unsafe number(bytes, position: &position) == expected else {
            throw CodecDescription.corrupt("vlen-utf8", "not the \(expected) elements of the chunk")
        }
        var elements: [String] = []
        for _ in 0..<expected {
            let count = try unsafe number(bytes, position: &position)
            guard count <= bytes.count - position,
                let text = unsafe String(validating: bytes[position..<position + count], as: UTF8.self)
            else { throw CodecDescription.corrupt("vlen-utf8", "an element beyond the end, or not UTF-8") }
            elements.append(text)
            position += count
        }
        guard position == bytes.count else {
            throw CodecDescription.corrupt("vlen-utf8", "bytes behind the last element")
        }
        return elements
    }

    private func append(_ number: Int, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private func number(_ bytes: UnsafeRawBufferPointer, position: inout Int) throws -> Int {
        guard bytes.count - position >= 4 else { throw CodecDescription.corrupt("vlen-utf8", "the bytes end early") }
        defer { position += 4 }
        return unsafe Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
    }
}
