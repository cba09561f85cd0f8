/// MD5 of bytes in memory, several messages side by side in the processor's vectors.
enum MemoryDigests {
    /// How many messages cost little more than one.
    static let sideBySide = 16

    /// The hashes of messages of any lengths, in their order.
    static func md5(of messages: [[UInt8]]) throws -> [[UInt8]] {
        let call = DigestCall(count: messages.count)
        var waiting = messages.enumerated().map { number, bytes in
            DigestJob(call: call, number: number, source: Message(bytes: bytes), range: 0..<bytes.count)
        }
        // The longest first, so that none of them is left to be hashed alone.
        waiting.sort { $0.range.count < $1.range.count }
        let lanes = FileLanes(.md5)
        while !waiting.isEmpty || !lanes.jobs.isEmpty {
            while lanes.hasRoom, let job = waiting.popLast() { lanes.add(job) }
            for (job, result) in lanes.advance() { call.end(job.number, result) }
        }
        return try call.results()
    }

    private struct Message: DigestSource {
        let bytes: [UInt8]

        func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
            unsafe bytes.withUnsafeBytes {
                unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + buffer.count)]))
            }
        }
    }
}
