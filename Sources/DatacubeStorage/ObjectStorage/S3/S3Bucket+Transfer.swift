import Synchronization

extension S3Bucket {
    /// Fetches an object into a local file, continuing where broken connections stopped.
    ///
    /// The file is written from `offset` on and is whole when the call returns: as many bytes as were announced, all
    /// of the one state of the object that `object` names. It is not flushed to disk and not renamed; that is for
    /// whoever verifies it.
    ///
    /// - Parameters:
    ///   - object: From a listing or ``head(_:)``.
    ///   - path: Created if absent; it must hold the object's first `offset` bytes, what follows them is dropped.
    ///   - offset: Where to go on.
    /// - Throws: `mismatch` when the object was replaced since it was listed; it then is worth starting again.
    public func download(_ object: S3Object, to path: String, from offset: Int = 0) throws {
        let file = try LocalFile(updating: path)
        guard try file.size() >= offset else {
            throw PipelineError(.mismatch, "\(path) is shorter than the \(offset) bytes that it should hold already")
        }
        // What lies behind is of an earlier, larger object.
        try file.truncate(to: offset)
        try download(object, range: offset..<object.size, into: path)
    }

    /// Fetches a part of an object into the same place of a local file, which is created if absent; the parts of one
    /// object may be fetched side by side.
    ///
    /// - Throws: `mismatch` when the object was replaced since it was listed.
    func download(_ object: S3Object, range: Range<Int>, into path: String) throws {
        let part = try FilePart(path, offset: range.lowerBound)
        var request = request(.get, object.key)
        request.fields["If-Match"] = object.entityTag.isEmpty ? nil : object.entityTag
        request.destination = unsafe .sink { try unsafe part.append($0) }
        while part.offset < range.upperBound {
            try client.retrying(request) {
                let start = part.offset
                request.range = range.upperBound == object.size ? .from(start) : .bytes(start..<range.upperBound)
                do {
                    try checkSize(client.attempt(request), of: object)
                } catch var failure as TransientFailure {
                    failure.madeProgress = part.offset > start
                    throw failure
                }
            }
        }
    }

    private func checkSize(_ response: HTTPResponse, of object: S3Object) throws {
        guard response.resourceSize != object.size else { return }
        throw PipelineError(
            .mismatch,
            "\(self)/\(object.key) has \(response.resourceSize ?? -1) bytes where \(object.size) were listed; "
                + "it was replaced, start again"
        )
    }
}

/// A part of a file that grows by what a transfer brings, and goes to the disk as it comes.
private final class FilePart: Sendable {
    // The disk has work from the start, and little is left to write when the file has to be there; so large that file
    // systems allocate long extents.
    private static let bytesWorthWriting = 8 << 20
    private let file: LocalFile
    private let position: Atomic<Int>
    private let handedOver: Atomic<Int>

    init(_ path: String, offset: Int) throws {
        file = try LocalFile(updating: path)
        position = Atomic(offset)
        handedOver = Atomic(offset)
    }

    deinit { beginWriting() }

    var offset: Int { position.load(ordering: .acquiring) }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        let offset = offset
        try unsafe file.write(bytes, at: offset)
        position.store(offset + bytes.count, ordering: .releasing)
        let waiting = offset + bytes.count - handedOver.load(ordering: .relaxed)
        if waiting >= Self.bytesWorthWriting { beginWriting() }
    }

    private func beginWriting() {
        let range = handedOver.load(ordering: .relaxed)..<offset
        if !range.isEmpty { file.beginWriting(range) }
        handedOver.store(range.upperBound, ordering: .relaxed)
    }
}
