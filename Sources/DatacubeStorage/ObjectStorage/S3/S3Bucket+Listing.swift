// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html

/// One answer to a listing.
public struct S3Page: Sendable, Equatable {
    /// Objects, in the order of their keys.
    public let objects: [S3Object]
    /// What keys share up to and including a delimiter, where one was given.
    public let prefixes: [String]
}

extension S3Bucket {
    /// All objects whose key begins with `prefix`, zero-size markers of directories included.
    public func list(_ prefix: String) throws -> [S3Object] {
        var objects: [S3Object] = []
        try forEachPage(prefix) { objects += $0.objects }
        return objects
    }

    /// Hands over a listing page by page, so that large buckets need little memory.
    ///
    /// `delimiter` ends a level: deeper keys are then told by their common prefix only. Servers give at most 1000 keys
    /// a page. A listing that does not end is an error.
    public func forEachPage(
        _ prefix: String,
        delimiter: String? = nil,
        pageSize: Int = 1000,
        visit: (S3Page) throws -> Void
    ) throws {
        var progress = ListingProgress()
        var seen: Set<String> = []
        var token: String?
        repeat {
            var request = request(.get)
            request.query = [
                // Without it, keys with control characters or blanks at their ends do not survive XML.
                ("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix), ("max-keys", "\(pageSize)"),
            ]
            if let delimiter { request.query.append(("delimiter", delimiter)) }
            if let token { request.query.append(("continuation-token", token)) }
            let document = try answer(to: request, named: "ListBucketResult")
            let page = try S3Page(document, of: description)
            guard progress.advances(by: page) else {
                throw PipelineError(.corrupt, "\(request): the server's listing gives keys again, or more than 1 PiB")
            }
            try visit(page)
            token =
                document.child("IsTruncated")?.text == "true"
                ? document.child("NextContinuationToken")?.characters ?? "" : nil
            if let token, token.isEmpty || !seen.insert(token).inserted {
                throw PipelineError(.corrupt, "\(request): the server's listing does not end")
            }
        } while token != nil
    }

    /// The document that answers a call.
    ///
    /// - Throws: `corrupt` when it is another one.
    func answer(to request: S3Request, named name: String) throws -> XMLElement {
        let document = try XMLParser.parse(try client.send(request).body, name: "the answer to \(request)")
        guard document.name == name else {
            throw PipelineError(.corrupt, "\(request): the server answers with a \(document.name), not a \(name)")
        }
        return document
    }
}

extension S3Page {
    /// Takes an answer's document; `bucket` is what error texts call it.
    init(_ document: XMLElement, of bucket: String) throws {
        let isEncoded = document.child("EncodingType")?.text == "url"
        func key(_ element: XMLElement?) -> String? {
            element.map { isEncoded ? PercentEncoding.decode($0.characters) : $0.characters }
        }
        objects = try document.children("Contents").map { entry in
            guard let key = key(entry.child("Key")) else {
                throw PipelineError(.corrupt, "\(bucket): the server lists an object without key or size")
            }
            return try S3Object(entry, key: key, bucket: bucket)
        }
        prefixes = document.children("CommonPrefixes").compactMap { key($0.child("Prefix")) }
    }
}

extension S3Object {
    fileprivate init(_ entry: XMLElement, key: String, bucket: String) throws(PipelineError) {
        guard let text = entry.child("Size")?.text else {
            throw PipelineError(.corrupt, "\(bucket): the server lists an object without key or size")
        }
        guard let size = ObjectSize.parse(text) else {
            throw PipelineError(.corrupt, "\(bucket): the server lists \(key) with the size '\(text.prefix(40))'")
        }
        self.init(key: key, size: size, entityTag: entry.child("ETag")?.text ?? "")
        let time = entry.child("LastModified").flatMap { Timestamp(iso8601: $0.text) }
        modified = time.map { Int($0.milliseconds / 1000) }.flatMap { Self.possibleTimes.contains($0) ? $0 : nil }
    }
}

/// Whether the pages of a listing lead anywhere: keys ascend, and their sizes can be added up.
private struct ListingProgress {
    // Servers may give pages without keys while they pass over what was deleted.
    private static let mostEmptyPages = 100
    private var last: [UInt8]?
    private var bytes = 0
    private var emptyPages = 0

    mutating func advances(by page: S3Page) -> Bool {
        let keys = page.objects.map { Array($0.key.utf8) } + page.prefixes.map { Array($0.utf8) }
        for object in page.objects {
            bytes += object.size
            guard bytes <= ObjectSize.largestSum else { return false }
        }
        guard let first = keys.min(by: { $0.lexicographicallyPrecedes($1) }) else {
            emptyPages += 1
            return emptyPages <= Self.mostEmptyPages
        }
        emptyPages = 0
        if let last, !last.lexicographicallyPrecedes(first) { return false }
        last = keys.max { $0.lexicographicallyPrecedes($1) }
        return true
    }
}
