import Testing

@testable import DatacubeStorage

@Suite struct ChecksumTests {
    /// The check values that the catalogue of CRC algorithms gives for "123456789".
    @Test func knownAnswers() {
        knownAnswer(0xCBF4_3926) { CRC32.checksum($0, continuing: $1) }
        knownAnswer(0xE306_9283) { CRC32C.checksum($0, continuing: $1) }
    }

    private func knownAnswer(_ expected: UInt32, _ checksum: (UnsafeRawBufferPointer, UInt32) -> UInt32) {
        let bytes = Array("123456789".utf8)
        bytes.withUnsafeBytes { #expect(checksum($0, 0) == expected) }
        let first = bytes[..<4].withUnsafeBytes { checksum($0, 0) }
        bytes[4...].withUnsafeBytes { #expect(checksum($0, first) == expected) }
        #expect(checksum(UnsafeRawBufferPointer(start: nil, count: 0), 7) == 7)
    }

    /// The instruction takes three stretches of 1 KiB side by side; the tables, byte after byte.
    @Test func theInstructionComputesWhatTheTablesDo() {
        var random = SeededGenerator(seed: 3)
        let bytes = (0..<40_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes.withUnsafeBytes { bytes in
            for length in [0, 1, 7, 8, 9, 3071, 3072, 3073, 6144, 9999] + (0..<50).map({ 7 * $0 * $0 }) {
                let start = Int.random(in: 0..<20_000, using: &random)
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
                let previous = UInt32.random(in: 0 ... .max, using: &random)
                #expect(
                    CRC32C.checksum(part, continuing: previous) == CRC32C.checksumByTables(part, continuing: previous)
                )
            }
        }
    }

    /// FIPS 202, RFC 1321 and FIPS 180-4 examples for "abc".
    @Test(arguments: [
        (MessageDigest.Algorithm.sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        (.md5, "900150983cd24fb0d6963f7d28e17f72"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func digestOfABC(_ algorithm: MessageDigest.Algorithm, _ expected: String) throws {
        var digest = try MessageDigest(algorithm)
        Array("abc".utf8).withUnsafeBytes { digest.update($0) }
        #expect(digest.hexadecimal() == expected)
    }
}
