extension ZarrArray {
    /// Writes every element of an array of text.
    public func writeAll(strings: [String], durability: AtomicFile.Durability = .deferred) throws {
        try checkElements(.string, count: strings.count)
        guard case .string(let fill) = metadata.fillValue else { return }
        for index in metadata.grid.indices {
            var chunk = [String](repeating: fill, count: Shape.count(metadata.chunkShape))
            forEachElement(of: index) { whole, inChunk in chunk[inChunk] = strings[whole] }
            let key = key(ofChunk: index)
            do {
                if chunk.allSatisfy({ $0 == fill }) {
                    try store.delete(key)
                } else {
                    try store.put(key, pipeline.encode(text: chunk), durability: durability)
                }
            } catch {
                throw inChunk(key, error: error)
            }
        }
    }

    /// Reads every element of an array of text.
    public func readAllStrings() throws -> [String] {
        let count = Shape.count(metadata.shape)
        try checkElements(.string, count: count)
        try checkFitsMemory()
        guard case .string(let fill) = metadata.fillValue else { return [] }
        var strings = [String](repeating: fill, count: count)
        for index in metadata.grid.indices {
            let key = key(ofChunk: index)
            do {
                guard let bytes = try store.get(key) else { continue }
                let chunk = try unsafe bytes.withUnsafeBytes { try unsafe pipeline.decodeText($0) }
                forEachElement(of: index) { whole, inChunk in strings[whole] = chunk[inChunk] }
            } catch {
                throw inChunk(key, error: error)
            }
        }
        return strings
    }

    /// Calls `body` with each element's place in the array and in the chunk.
    private func forEachElement(of index: [Int], _ body: (Int, Int) -> Void) {
        let copy = copyToChunk(index, elementBytes: 1)
        copy.forEachRun { whole, inChunk in
            for step in 0..<copy.runBytes { body(whole + step, inChunk + step) }
        }
    }
}
