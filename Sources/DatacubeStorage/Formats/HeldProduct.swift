/// A product that a place holds in some format, and what it is worth there.
struct HeldProduct: Sendable {
    /// What a product is worth.
    enum State: Sendable {
        /// Its pixels are what the place offers.
        case used
        /// A later processing of the same data that is there too takes its place.
        case superseded
        /// It cannot be used, or not all of it.
        case unusable(PipelineError)
    }

    let name: ProductName
    /// The identifier of its datastrip; nil where nothing that can be read tells it.
    let datastrip: String?
    let state: State

    var identifier: String { name.identifier }

    var isUsed: Bool { if case .used = state { true } else { false } }

    /// Why it cannot be used; nil where it can.
    var shortcoming: PipelineError? { if case .unusable(let error) = state { error } else { nil } }
}
