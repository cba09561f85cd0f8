import Synchronization
import Testing

@testable import DatacubeStorage

/// Hashes of files side by side against libcrypto's.
@Suite struct SharedDigestTests {
    // Around the ends of blocks (64 and 136 bytes), of MD5's padding and of what is read at a time.
    private static let sizes = [
        0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 134, 135, 136, 137, 271, 272, 273, 34_815, 34_816, 34_817, 69_632,
        100_000, 300_001,
    ]

    private func content(size: Int) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(size))
        return (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test(arguments: [MessageDigest.Algorithm.md5, .sha3_256])
    func filesOfAllSizesHashedByManyThreads(_ algorithm: MessageDigest.Algorithm) async throws {
        try await withTemporaryDirectory { directory in
            var expected: [String] = []
            for size in Self.sizes {
                let bytes = content(size: size)
                try AtomicFile.write(bytes, to: "\(directory)/\(size)", durability: .deferred)
                expected.append(try MessageDigest.hexadecimal(of: bytes, algorithm))
            }
            let found = Mutex([String](repeating: "", count: 4 * expected.count))
            try await BlockingExecutor(width: 30).forEach(4 * expected.count) { index in
                let size = Self.sizes[index % Self.sizes.count]
                let digest = try MessageDigest.hexadecimal(ofFile: "\(directory)/\(size)", algorithm)
                found.withLock { $0[index] = digest }
            }
            #expect(found.withLock { $0 } == expected + expected + expected + expected)
        }
    }

    @Test(arguments: [MessageDigest.Algorithm.md5, .sha3_256, .sha256])
    func aPartOfAFile(_ algorithm: MessageDigest.Algorithm) throws {
        try withTemporaryDirectory { directory in
            let bytes = content(size: 200_000)
            try AtomicFile.write(bytes, to: directory + "/f", durability: .deferred)
            let range = 70_001..<199_999
            let expected = try MessageDigest.hexadecimal(of: Array(bytes[range]), algorithm)
            #expect(try MessageDigest.hexadecimal(ofFile: directory + "/f", range: range, algorithm) == expected)
        }
    }

    /// Threads with several parts each leave lanes to one another.
    @Test(.timeLimit(.minutes(1)), arguments: [MessageDigest.Algorithm.md5, .sha3_256])
    func partsOfFilesBesideOneAnother(_ algorithm: MessageDigest.Algorithm) async throws {
        try await withTemporaryDirectory { directory in
            let bytes = content(size: 400_000)
            try AtomicFile.write(bytes, to: directory + "/f", durability: .deferred)
            // Of very different lengths and numbers, so that lanes change hands all the time.
            let calls = (0..<300).map { call in
                (0..<1 + call * 7 % 23).map { part in
                    let start = (call * 7919 + part * 104_729) % 300_000
                    return start..<start + (call * 31 + part * 17_389) % 100_000
                }
            }
            let parts = Set(calls.joined())
            let expected = try Dictionary(
                uniqueKeysWithValues: parts.map { ($0, try MessageDigest.hexadecimal(of: Array(bytes[$0]), algorithm)) }
            )
            try await BlockingExecutor(width: 24).forEach(calls.count) { index in
                let found = try MessageDigest.hexadecimal(ofFile: directory + "/f", ranges: calls[index], algorithm)
                #expect(found == calls[index].map { expected[$0] })
            }
        }
    }

    /// Only the thread whose file is shorter than it says learns of it; those beside it get their hashes.
    @Test func aFileThatEndsEarlyFailsAlone() async throws {
        try await withTemporaryDirectory { directory in
            let bytes = content(size: 100_000)
            try AtomicFile.write(bytes, to: directory + "/f", durability: .deferred)
            let expected = try MessageDigest.hexadecimal(of: bytes, .md5)
            let whole = Mutex(0)
            let failed = Mutex(0)
            try await BlockingExecutor(width: 20).forEach(60) { index in
                let count = index % 3 == 0 ? 100_001 : 100_000
                do {
                    let digest = try MessageDigest.hexadecimal(ofFile: directory + "/f", range: 0..<count, .md5)
                    whole.withLock { $0 += digest == expected ? 1 : 0 }
                } catch {
                    #expect((error as? PipelineError)?.code == .corrupt)
                    failed.withLock { $0 += 1 }
                }
            }
            #expect(whole.withLock { $0 } == 40)
            #expect(failed.withLock { $0 } == 20)
        }
    }
}
