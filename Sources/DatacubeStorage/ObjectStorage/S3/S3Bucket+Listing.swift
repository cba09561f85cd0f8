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
        _ visit: (S3Page) throws -> Void
    ) throws {
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
            try visit(try page(document))
            token =
                document.child("IsTruncated")?.text == "true"
                ? document.child("NextContinuationToken")?.characters ?? "" : nil
            if let token, token.isEmpty || !seen.insert(token).inserted {
                throw PipelineError(.corrupt, "\(request): the server's listing does not end")
            }
        } while token != nil
    }

    private func page(_ document: XMLElement) throws -> S3Page {
        let isEncoded = document.child("EncodingType")?.text == "url"
        func key(_ element: XMLElement?) -> String? {
            element.map { isEncoded ? PercentEncoding.decode($0.characters) : $0.characters }
        }
        let objects = try document.children("Contents").map { entry in
            guard let key = key(entry.child("Key")), let size = entry.child("Size").flatMap({ Int($0.text) }) else {
                throw PipelineError(.corrupt, "\(self): the server lists an object without key or size")
            }
            var object = S3Object(key: key, size: size, entityTag: entry.child("ETag")?.text ?? "")
            object.modified = entry.child("LastModified").flatMap {
                Timestamp(iso8601: $0.text).map { Int($0.milliseconds / 1000) }
            }
            return object
        }
        return S3Page(
            objects: objects,
            prefixes: document.children("CommonPrefixes").compactMap { key($0.child("Prefix")) }
        )
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
