// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/transpose/index.html
// {"name": "transpose", "configuration": {"order": [2, 0, 1]}}

/// Axes in another order: axis `i` of the encoded chunk is axis `order[i]` of the chunk.
struct TransposeCodec: ArrayToArrayCodec {
    let encoded: ChunkRepresentation
    private let chunkShape: [Int]
    private let order: [Int]
    private let inverse: [Int]

    init(_ description: CodecDescription, representation: ChunkRepresentation) throws {
        let axes = representation.shape.indices
        guard let order = description.configuration["order"]?.intArray, order.sorted() == Array(axes) else {
            throw description.invalid("order", expected: "a permutation of the axes 0..<\(axes.count)")
        }
        guard representation.dataType != .string else {
            throw PipelineError(.unsupported, "codec transpose cannot reorder the data type string")
        }
        self.order = order
        inverse = axes.map { axis in order.firstIndex(of: axis) ?? axis }
        chunkShape = representation.shape
        var encoded = representation
        encoded.shape = order.map { representation.shape[$0] }
        self.encoded = encoded
    }

    func encode(_ chunk: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) {
        unsafe permute(chunk, shape: chunkShape, axes: order, into: result)
    }

    func decode(_ encoded: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer) {
        unsafe permute(encoded, shape: self.encoded.shape, axes: inverse, into: chunk)
    }

    /// Writes the elements of `source` in C order of the axes `axes`.
    private func permute(
        _ source: UnsafeRawBufferPointer,
        shape: [Int],
        axes: [Int],
        into result: UnsafeMutableRawBufferPointer
    ) {
        precondition(source.count == encoded.byteCount && result.count == source.count)
        let strides = Shape.strides(shape)
        let walk = StridedWalk(shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] })
        switch encoded.elementBytes {
        case 1: unsafe walk.gather(source, into: result, as: UInt8.self)
        case 2: unsafe walk.gather(source, into: result, as: UInt16.self)
        case 4: unsafe walk.gather(source, into: result, as: UInt32.self)
        default: unsafe walk.gather(source, into: result, as: UInt64.self)
        }
    }
}

/// Elements at regular distances, visited in C order of a shape.
private struct StridedWalk {
    let shape: [Int]
    let strides: [Int]

    func gather<Word: BitwiseCopyable>(
        _ source: UnsafeRawBufferPointer,
        into result: UnsafeMutableRawBufferPointer,
        as: Word.Type
    ) {
        guard let from = source.baseAddress, let into = result.baseAddress else { return }
        let width = MemoryLayout<Word>.size
        let (length, step) = (shape.last ?? 1, (strides.last ?? 0) * width)
        var written = 0
        forEachRow { start in
            for index in 0..<length {
                let word = unsafe (from + start * width + index * step).loadUnaligned(as: Word.self)
                unsafe (into + written + index * width).storeBytes(of: word, as: Word.self)
            }
            written += length * width
        }
    }

    private func forEachRow(_ body: (Int) -> Void) {
        var counter = [Int](repeating: 0, count: max(0, shape.count - 1))
        var start = 0
        while true {
            body(start)
            var axis = counter.count - 1
            while axis >= 0 {
                counter[axis] += 1
                start += strides[axis]
                if counter[axis] < shape[axis] { break }
                start -= shape[axis] * strides[axis]
                counter[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
