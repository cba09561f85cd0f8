import DatacubeStorage

/// Bringing a patch together from chunks that need no decoding: what is left is planning and copying rows.
enum AssemblyCases {
    static func measure() throws -> [Measurement] {
        try [("512", 512), ("128", 128)].map { name, side in
            let shape = [10, 4, 1024, 1024]
            let metadata = ArrayMetadata(
                shape: shape,
                chunkShape: [10, 4, side, side],
                dataType: .uint16,
                fillValue: 0,
                codecs: [.bytes]
            )
            let array = try ZarrArray.create(store: MemoryStore(), path: "a", metadata: metadata)
            try array.writeAll(Samples.pixels(shape.reduce(1, *), rowLength: 1024))
            let region = [0..<10, 0..<4, 257..<767, 131..<641]
            let bytes = array.byteCount(of: region)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
            defer { memory.deallocate() }
            return try Measurement("assemble 10 x 4 x 510 x 510 from chunks of \(name)²", bytes: bytes) {
                try array.read(region: region, into: memory)
            }
        }
    }
}
