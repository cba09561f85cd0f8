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
        let checks = [("CRC-32", CyclicRedundancyCheck.crc32), ("CRC-32C", .crc32c)].map { name, check in
            Measurement(name, bytes: bytes.count) { _ = bytes.withUnsafeBytes { check.checksum($0) } }
        }
        return digests + checks
    }
}
