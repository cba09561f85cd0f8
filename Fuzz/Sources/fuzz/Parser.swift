@testable import DatacubeStorage

/// Something that reads bytes which others may have written.
struct Parser: Sendable {
    /// How it is called on the command line.
    let name: String
    /// Whether one of the seeds' files is of its kind, by its path.
    let takes: @Sendable (String) -> Bool
    /// Reads the bytes, and throws a ``PipelineError`` or nothing.
    let read: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String,
        seeds takes: @escaping @Sendable (String) -> Bool,
        read: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        (self.name, self.takes, self.read) = (name, takes, read)
    }

    /// All of them.
    ///
    /// A parser that is new is added to one of these lists; scripts/fuzz asks for their names.
    static let all = metadata + catalogue + settings + images + arrays

    /// Runs it; what is thrown tells a user what is wrong, or is a fault.
    func test(_ bytes: [UInt8]) {
        do {
            try read(bytes)
        } catch is PipelineError {
            return
        } catch {
            fatalError("\(name) throws \(type(of: error)): \(error)")
        }
    }
}
