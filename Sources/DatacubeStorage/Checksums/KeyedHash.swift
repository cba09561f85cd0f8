// HMAC: https://www.rfc-editor.org/rfc/rfc2104
import CCrypto

/// HMAC with SHA-256, which signatures of requests are made of.
///
/// Wraps libcrypto's `HMAC`.
enum KeyedHash {
    static func sha256(key: [UInt8], _ message: String) -> [UInt8] {
        let bytes = Array(message.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        _ = unsafe HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, &count)
        return code
    }
}
