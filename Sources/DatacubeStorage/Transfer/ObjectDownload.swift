/// One object on its way to a file.
struct ObjectDownload: IncomingFile {
    let bucket: S3Bucket
    let object: S3Object
    let target: String
    let lock: TargetLock?
    let temporary: String
    let rank: Int

    init(_ object: S3Object, in bucket: S3Bucket, to target: String, rank: Int, under lock: TargetLock?) {
        self.lock = lock
        self.bucket = bucket
        self.object = object
        self.target = target
        self.rank = rank
        temporary = lock?.temporaryName(for: target) ?? AtomicFile.temporaryName(for: target)
    }

    var source: String { "\(bucket)/\(object.key)" }
    var size: Int { object.size }

    /// One for a small object; a large one comes over several connections.
    var pieces: [Range<Int>] {
        size > S3Bucket.multipartThreshold ? S3Bucket.parts(of: size) : [0..<size]
    }

    /// As much as some large files, of which several hashes cost hardly more than one; a killed run may lose twice as much.
    var batchBytes: Int { 1 << 30 }

    // The data of more streams no longer stay in the processors' caches between the steps of their way: by measurement 8
    // and 16 on two processors are faster than 64. On a node with 16 processors it is every connection.
    private static let streamsPerProcessor = 4
    // Of a job with one processor too, which waits for a distant server rather than computes.
    private static let fewestStreams = 8

    var mostLargePieces: Int {
        max(Self.fewestStreams, Self.streamsPerProcessor * ProcessorCount.granted)
    }

    func fetch(_ piece: Range<Int>) throws { try bucket.download(object, range: piece, into: temporary) }

    /// By size and entity tag; a tag that tells nothing is made to by the metadata of the object, if they can.
    func verify() throws {
        guard try FileSystem.status(temporary)?.size == size else {
            throw PipelineError(.mismatch, "\(target): the copy has another size than \(source); check the disk")
        }
        var answer = try object.matches(file: temporary)
        if answer == nil, let known = try bucket.head(object.key), known.entityTag == object.entityTag {
            answer = try known.matches(file: temporary)
        }
        guard answer != false else {
            throw PipelineError(.mismatch, "\(target): the copy's checksum is not that of \(source); run again")
        }
    }

    /// Gives the file the time of the object, by which a later run knows it again.
    func complete() throws {
        if let modified = object.modified { try LocalFile(updating: temporary).setTimes(modified * 1_000_000_000) }
    }
}
