import Glibc

/// A name that libcurl could not resolve, which it tells without saying whether it ever will.
struct UnknownHost: Error {
    /// The server's name, or where a proxy's name was not found, those of all proxies.
    let names: [String]
    /// What was asked for.
    let place: String
    /// libcurl's words.
    let words: String

    /// What it means: a name that does not exist is a mistake in the settings, which no waiting mends; a name server that
    /// does not answer may answer later.
    ///
    /// Asks the name server, so it blocks.
    func settled() -> PipelineError {
        guard !names.isEmpty, names.allSatisfy(Self.doesNotExist) else {
            return PipelineError(.unavailable, "\(place): no name server answers now", cause: words)
        }
        let list = names.joined(separator: ", ")
        return PipelineError(
            .configuration,
            "\(place): there is no host \(list); check endpoint and proxy",
            cause: words
        )
    }

    // EAI_NODATA: the name is there and has no address.
    private static let withoutAddress: Int32 = -5

    private static func doesNotExist(_ name: String) -> Bool {
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, nil, &found)
        if let found = unsafe found { unsafe freeaddrinfo(found) }
        return code == EAI_NONAME || code == withoutAddress
    }
}
