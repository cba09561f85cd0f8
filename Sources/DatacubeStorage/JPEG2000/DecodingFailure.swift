extension PipelineError {
    /// A JPEG 2000 file whose header is sound, but not what follows.
    static func undecodable(_ path: String, reason: String) -> PipelineError {
        PipelineError(
            .corrupt,
            "\(path) does not decode; its bytes are damaged, fetch the product again",
            cause: reason
        )
    }
}
