// MD5: https://www.rfc-editor.org/rfc/rfc1321, SHA3-256: https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.202.pdf
import CChecksum

/// Several running hashes, which the processor's vectors compute side by side, each in a lane.
///
/// Wraps `md5_update` and `sha3_256_update`. Messages come in whole blocks; their ends are ``padding(after:)``.
@safe final class LaneDigests {
    /// The algorithms that there is code for.
    enum Algorithm: Sendable { case md5, sha3_256 }

    /// How many hashes there are.
    let count: Int
    /// Bytes of a block.
    let blockBytes: Int
    private let algorithm: Algorithm
    // Word after word, each of all lanes.
    private let state: UnsafeMutableRawBufferPointer

    init(_ algorithm: Algorithm) {
        self.algorithm = algorithm
        switch algorithm {
        case .md5:
            (count, blockBytes) = (md5_lanes, md5_block)
            unsafe state = .allocate(byteCount: MemoryLayout<md5_state>.size, alignment: 64)
        case .sha3_256:
            (count, blockBytes) = (sha3_256_lanes, sha3_256_block)
            unsafe state = .allocate(byteCount: MemoryLayout<sha3_256_state>.size, alignment: 64)
        }
        unsafe state.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { unsafe state.deallocate() }

    /// Begins a hash in a lane.
    func begin(_ lane: Int) {
        switch algorithm {
        case .md5:
            let start: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
            for (word, value) in start.enumerated() { unsafe words(UInt32.self)[word * count + lane] = value }
        case .sha3_256:
            for word in 0..<25 { unsafe words(UInt64.self)[word * count + lane] = 0 }
        }
    }

    /// Adds so many blocks to each hash, from where `messages` point to; those in lanes behind `used` may be left out.
    func update(_ messages: [UnsafePointer<UInt8>?], used: Int, blocks: Int) {
        let lanes = used > count / 2 ? count : count / 2
        switch algorithm {
        case .md5:
            unsafe md5_update(state.assumingMemoryBound(to: md5_state.self).baseAddress, lanes, messages, blocks)
        case .sha3_256:
            unsafe sha3_256_update(
                state.assumingMemoryBound(to: sha3_256_state.self).baseAddress,
                lanes,
                messages,
                blocks
            )
        }
    }

    /// The hash in a lane.
    func digest(_ lane: Int) -> [UInt8] {
        switch algorithm {
        case .md5:
            return (0..<4).flatMap { word in
                let value = unsafe words(UInt32.self)[word * count + lane]
                return (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
        case .sha3_256:
            return (0..<4).flatMap { word in
                let value = unsafe words(UInt64.self)[word * count + lane]
                return (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
        }
    }

    /// What ends a message of so many bytes, up to the end of a block.
    func padding(after size: Int) -> [UInt8] {
        switch algorithm {
        case .md5:
            let zeros = [UInt8](repeating: 0, count: (119 - size % 64) % 64)
            return [0x80] + zeros + (0..<8).map { UInt8(truncatingIfNeeded: (8 * size) >> (8 * $0)) }
        case .sha3_256:
            var bytes = [UInt8](repeating: 0, count: blockBytes - size % blockBytes)
            bytes[0] = 0x06
            bytes[bytes.count - 1] |= 0x80
            return bytes
        }
    }

    private func words<Word>(_ type: Word.Type) -> UnsafeMutableBufferPointer<Word> {
        unsafe state.assumingMemoryBound(to: type)
    }
}
