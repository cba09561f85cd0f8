import Synchronization

/// Bytes that all decoders of this process have delivered so far.
enum DecodedBytes {
    private static let total = Atomic<Int>(0)

    static var count: Int { total.load(ordering: .relaxed) }

    static func add(_ count: Int) { _ = total.wrappingAdd(count, ordering: .relaxed) }
}
