import DatacubeStorage

/// The checksums of downloads, copies and chunks.
enum HashCases {
    static func measure() throws -> [Measurement] {
        let bytes = Samples.bytes(16 << 20)
        let digests = try [MessageDigest.Algorithm.sha3_256, .md5, .sha256].map { algorithm in
            try Measurement(algorithm.rawValue, bytes: bytes.count) {
                _ = try MessageDigest.hexadecimal(of: bytes, algorithm)
            }
        }
        let checks = [
            Measurement("CRC-32", bytes: bytes.count) { _ = bytes.withUnsafeBytes { CRC32.checksum($0) } },
            Measurement("CRC-32C", bytes: bytes.count) { _ = bytes.withUnsafeBytes { CRC32C.checksum($0) } },
        ]
        return digests + checks
    }
}
