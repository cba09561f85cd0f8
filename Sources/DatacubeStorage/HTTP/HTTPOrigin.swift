/// Scheme, host and port of a URL in one text, such as `https://a3s.fi` or `http://127.0.0.1:8080`.
///
/// Specification: https://www.rfc-editor.org/rfc/rfc6454
public struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// Host and, where it is not the scheme's own, port: what the `Host` field holds.
    public let authority: String

    /// `scheme://authority`.
    public var description: String { "\(scheme)://\(authority)" }

    /// The name or address without the port; without the brackets of an IPv6 address.
    public var host: String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// The origin of a URL.
    ///
    /// - Throws: `configuration` when it is no `http` or `https` URL, holds a user name, or has control characters.
    public init(_ url: String) throws(PipelineError) {
        let parts = url.firstRange(of: "://").map { (url[..<$0.lowerBound].lowercased(), url[$0.upperBound...]) }
        guard let (scheme, rest) = parts, scheme == "http" || scheme == "https",
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { throw PipelineError(.configuration, "'\(url)' is not an http or https URL") }
        let authority = rest.prefix { !"/?#".contains($0) }.lowercased()
        guard !authority.isEmpty, !authority.contains("@") else {
            throw PipelineError(.configuration, "\(scheme) URL without a host name or with a user name in it")
        }
        self.scheme = scheme
        let ownPort = scheme == "http" ? ":80" : ":443"
        self.authority = authority.hasSuffix(ownPort) ? String(authority.dropLast(ownPort.count)) : authority
    }
}
