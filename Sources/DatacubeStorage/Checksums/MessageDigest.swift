import CCrypto
import Glibc

/// A running hash by the system's libcrypto, which has assembly for this processor.
///
/// Wraps `EVP_MD_CTX`.
@safe public struct MessageDigest: ~Copyable {
    /// The algorithms that manifests and signatures use.
    public enum Algorithm: String, Sendable {
        /// FIPS 202, in manifests of products since 2022.
        case sha3_256 = "SHA3-256"
        /// RFC 1321, in manifests of older products and in S3 ETags.
        case md5 = "MD5"
        /// FIPS 180-4.
        case sha256 = "SHA-256"
    }

    private let context: OpaquePointer

    /// The library's version.
    static let version = unsafe String(cString: OpenSSL_version(OPENSSL_VERSION))

    /// Starts a hash.
    public init(_ algorithm: Algorithm) throws(PipelineError) {
        let function =
            switch algorithm {
            case .sha3_256: unsafe EVP_sha3_256()
            case .md5: unsafe EVP_md5()
            case .sha256: unsafe EVP_sha256()
            }
        guard let context = unsafe EVP_MD_CTX_new() else {
            throw PipelineError(.system, "libcrypto has no memory for a \(algorithm.rawValue) hash")
        }
        guard unsafe EVP_DigestInit_ex(context, function, nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw PipelineError(.system, "libcrypto offers no \(algorithm.rawValue) on this machine")
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// The hash of all bytes added.
    public consuming func bytes() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        _ = unsafe EVP_DigestFinal_ex(context, &digest, &count)
        return Array(digest[..<Int(count)])
    }

    /// The hash of all bytes added, in lower-case hexadecimal.
    public consuming func hexadecimal() -> String { bytes().hexadecimal }

    /// The hash of some bytes, in lower-case hexadecimal.
    public static func hexadecimal(of bytes: [UInt8], _ algorithm: Algorithm) throws(PipelineError) -> String {
        var digest = try MessageDigest(algorithm)
        unsafe bytes.withUnsafeBytes { unsafe digest.update($0) }
        return digest.hexadecimal()
    }

    /// The hash of a whole file.
    public static func hexadecimal(ofFile path: String, _ algorithm: Algorithm) throws -> String {
        guard let status = try FileSystem.status(path) else { throw SystemCall.failure("read", path, errno: ENOENT) }
        return try hexadecimal(ofFile: path, range: 0..<status.size, algorithm)
    }

    /// The hash of a part of a file.
    public static func hexadecimal(ofFile path: String, range: Range<Int>, _ algorithm: Algorithm) throws -> String {
        try hexadecimal(ofFile: path, ranges: [range], algorithm)[0]
    }

    /// The hashes of parts of a file.
    ///
    /// MD5 and SHA3-256 of several parts, or of several files when several threads ask for them at once, cost little more
    /// than that of one, see ``SharedDigest``; SHA-256 has instructions of its own.
    static func hexadecimal(ofFile path: String, ranges: [Range<Int>], _ algorithm: Algorithm) throws -> [String] {
        switch algorithm {
        case .md5: try SharedDigest.md5.bytes(of: path, ranges: ranges).map(\.hexadecimal)
        case .sha3_256: try SharedDigest.sha3_256.bytes(of: path, ranges: ranges).map(\.hexadecimal)
        case .sha256: try ranges.map { try sha256(ofFile: path, range: $0) }
        }
    }

    // So little that glibc takes it from what was freed, not from the kernel, which would have to clear it.
    private static let pieceBytes = 96 << 10

    private static func sha256(ofFile path: String, range: Range<Int>) throws -> String {
        let file = try LocalFile(reading: path)
        var digest = try MessageDigest(.sha256)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceBytes, alignment: 64)
        defer { unsafe piece.deallocate() }
        var offset = range.lowerBound
        while offset < range.upperBound {
            let part = unsafe UnsafeMutableRawBufferPointer(
                rebasing: piece[..<min(piece.count, range.upperBound - offset)]
            )
            try unsafe file.read(into: part, at: offset)
            unsafe digest.update(UnsafeRawBufferPointer(part))
            offset += part.count
        }
        return digest.hexadecimal()
    }
}
