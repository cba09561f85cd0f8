/// What went wrong with one product, while others can go on.
struct ProductFailure: Error {
    let identifier: String
    let error: PipelineError

    /// Runs `body`; whatever it throws is told as this product's failure, except cancellation and full disks, which
    /// no other product would escape.
    static func attributing<Result>(to identifier: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as PipelineError where error.code != .noSpace {
            throw ProductFailure(identifier: identifier, error: error)
        }
    }
}
