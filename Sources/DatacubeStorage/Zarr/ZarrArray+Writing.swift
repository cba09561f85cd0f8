extension ZarrArray {
    /// Encodes and stores one chunk.
    ///
    /// A chunk whose elements all have the fill value is not stored; one that was there is removed.
    ///
    /// - Parameters:
    ///   - index: The chunk's place in the grid.
    ///   - chunk: All its elements in C order, also those beyond the array's edge.
    ///   - durability: Whether to wait for the disk; see ``ObjectStore/synchronize()``.
    /// - Returns: Bytes stored; 0 when the chunk is nothing but the fill value.
    /// - Throws: `mismatch` for a chunk outside the grid, or what the store says, with the chunk's key.
    @discardableResult
    public func writeChunk(
        at index: [Int],
        from chunk: UnsafeRawBufferPointer,
        durability: AtomicFile.Durability = .deferred
    ) throws -> Int {
        guard metadata.grid.contains(index), chunk.count == chunkByteCount else {
            throw PipelineError(
                .mismatch,
                "array \(store)/\(path): chunk \(index) of \(chunk.count) bytes is none of the grid \(metadata.grid.shape)"
                    + " of chunks of \(chunkByteCount) bytes"
            )
        }
        let key = key(ofChunk: index)
        defer { knownShards[key] = nil }
        do {
            if unsafe FillPattern.fills(fillBytes, bytes: chunk) {
                try store.delete(key)
                return 0
            }
            let bytes = try unsafe pipeline.encode(chunk)
            try store.put(key, bytes, durability: durability)
            return bytes.count
        } catch {
            throw inChunk(key, error: error)
        }
    }

    /// Writes every element of a small array, such as a coordinate: as many values as the array has, in C order.
    public func writeAll<Element: ZarrElement>(
        _ values: [Element],
        durability: AtomicFile.Durability = .deferred
    ) throws {
        try checkElements(Element.dataType, count: values.count)
        let size = chunkByteCount
        try unsafe values.withUnsafeBytes { source in
            for index in metadata.grid.indices {
                let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
                defer { unsafe chunk.deallocate() }
                unsafe fillBytes.withUnsafeBytes { unsafe FillPattern.repeat($0, over: chunk) }
                unsafe copyToChunk(index, elementBytes: pipeline.representation.elementBytes).run(
                    from: source,
                    into: chunk
                )
                try unsafe writeChunk(at: index, from: UnsafeRawBufferPointer(chunk), durability: durability)
            }
        }
    }

    /// Reads every element of a small array.
    public func readAll<Element: ZarrElement>(_ type: Element.Type = Element.self) throws -> [Element] {
        let count = Shape.count(metadata.shape)
        try checkElements(Element.dataType, count: count)
        try checkFitsMemory()
        return try unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let bytes = unsafe UnsafeMutableRawBufferPointer(
                start: buffer.baseAddress,
                count: count * MemoryLayout<Element>.stride
            )
            try unsafe read(region: metadata.shape.map { 0..<$0 }, into: unsafe bytes)
            initialized = count
        }
    }

    /// Refuses to read an array as a whole whose metadata announce more than a whole read is meant for.
    func checkFitsMemory() throws {
        let bytes = Shape.count(metadata.shape) * pipeline.representation.elementBytes
        guard bytes <= 1 << 34, metadata.dataType != .string || bytes <= 1 << 26 else {
            throw PipelineError(
                .unsupported,
                "array \(store)/\(path) of shape \(metadata.shape) is too large to read as a whole"
            )
        }
    }

    func checkElements(_ type: DataType, count: Int) throws {
        guard type == metadata.dataType, count == Shape.count(metadata.shape) else {
            throw PipelineError(
                .mismatch,
                "array \(store)/\(path) has \(metadata.shape) elements of \(metadata.dataType.rawValue),"
                    + " not \(count) of \(type.rawValue)"
            )
        }
    }

    /// The runs from the whole array to one chunk.
    func copyToChunk(_ index: [Int], elementBytes: Int) -> RegionCopy {
        let region = metadata.grid.region(of: index)
        return RegionCopy(
            sourceShape: metadata.shape,
            sourceStart: region.map(\.lowerBound),
            destinationShape: metadata.chunkShape,
            destinationStart: region.map { _ in 0 },
            count: region.map(\.count),
            elementBytes: elementBytes
        )
    }
}
