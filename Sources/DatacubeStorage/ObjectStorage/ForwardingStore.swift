/// A store that reads another one's objects just as that does, each way of reading by its own.
///
/// Without it a wrapper gets the ways that it does not know from ``ObjectStore``'s defaults, which are right on every store and slow
/// on a distant one: they open an object first.
protocol ForwardingStore: ObjectStore {
    /// The store that has the objects.
    var base: any ObjectStore { get }

    /// What was found under a key, or nothing: may find that this cannot be.
    func found<Value>(_ value: Value?, at key: String) throws -> Value?
}

extension ForwardingStore {
    var description: String { base.description }
    var properties: StoreProperties { base.properties }

    func found<Value>(_ value: Value?, at key: String) throws -> Value? { value }

    func get(_ key: String, limit: Int) throws -> [UInt8]? { try found(base.get(key, limit: limit), at: key) }

    func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        try unsafe found(base.get(key, whole: buffer), at: key)
    }

    func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
        try unsafe found(base.get(key, at: offset, into: buffer) ? true : nil, at: key) ?? false
    }

    func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice? {
        try unsafe found(base.get(key, slice: offset, into: buffer), at: key)
    }

    func reader(of key: String) throws -> (any ObjectReader)? { try found(base.reader(of: key), at: key) }

    func reader(of key: String, fetchingFirst count: Int) throws -> (any ObjectReader)? {
        try found(base.reader(of: key, fetchingFirst: count), at: key)
    }

    func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)? {
        try found(base.reader(of: key, fetchingLast: count), at: key)
    }

    func list(_ prefix: String) throws -> [ObjectEntry] { try base.list(prefix) }
    func children(of prefix: String) throws -> [String] { try base.children(of: prefix) }
    func size(of key: String) throws -> Int? { try base.size(of: key) }
    func synchronize() throws { try base.synchronize() }
}
