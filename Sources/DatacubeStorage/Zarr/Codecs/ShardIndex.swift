// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html#binary-shard-format

/// Where each inner chunk of a shard lies, as stored: offset and length in eight bytes each, all bits set when missing.
struct ShardIndex {
    private var words: [UInt64]

    /// An index of missing chunks.
    init(chunkCount: Int) { words = [UInt64](repeating: .max, count: 2 * chunkCount) }

    /// Decodes an index; ranges outside the shard's `size` bytes are refused.
    init(_ bytes: UnsafeRawBufferPointer, chunkCount: Int, codecs: CodecPipeline, shardBytes size: Int) throws {
        words = [UInt64](repeating: .max, count: 2 * chunkCount)
        try unsafe words.withUnsafeMutableBytes { try unsafe codecs.decode(bytes, into: $0) }
        for chunk in 0..<chunkCount where words[2 * chunk] != .max || words[2 * chunk + 1] != .max {
            let (end, overflow) = words[2 * chunk].addingReportingOverflow(words[2 * chunk + 1])
            guard !overflow, end <= UInt64(size) else {
                throw CodecDescription.corrupt("sharding_indexed", "inner chunk \(chunk) ends beyond the \(size) bytes")
            }
        }
    }

    /// The bytes of an inner chunk; nil when it is missing.
    subscript(_ chunk: Int) -> Range<Int>? {
        get {
            if words[2 * chunk] == .max, words[2 * chunk + 1] == .max { return nil }
            return Int(words[2 * chunk])..<Int(words[2 * chunk] + words[2 * chunk + 1])
        }
        set {
            words[2 * chunk] = newValue.map { UInt64($0.lowerBound) } ?? .max
            words[2 * chunk + 1] = newValue.map { UInt64($0.count) } ?? .max
        }
    }

    func encoded(by codecs: CodecPipeline) throws -> [UInt8] {
        try unsafe words.withUnsafeBytes { try unsafe codecs.encode($0) }
    }
}
