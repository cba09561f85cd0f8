/// A TLS connection that broke while it began: a server may have been restarted, or speak no TLS at all.
struct BrokenHandshake: Error {
    let error: PipelineError

    /// Few: what no attempt but the first meets passes within seconds.
    static let attempts = 3
}
