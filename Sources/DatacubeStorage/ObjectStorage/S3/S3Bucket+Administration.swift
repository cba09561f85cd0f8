// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html

extension S3Bucket {
    /// Whether the bucket exists.
    ///
    /// - Throws: `denied` when it belongs to somebody who does not let this profile in.
    public func exists() throws -> Bool {
        var request = request(.head)
        request.outcomes = [404]
        return try client.send(request).isSuccess
    }

    /// Creates the bucket; one that this profile owns already is fine.
    ///
    /// - Throws: `denied` when somebody else has a bucket of that name: names are shared by all users of a server.
    public func create() throws {
        var request = request(.put)
        request.outcomes = [409]
        let response = try client.send(request)
        guard !response.isSuccess, S3Failure(response).code != "BucketAlreadyOwnedByYou" else { return }
        throw PipelineError(
            .denied,
            "the bucket name \(name) is taken on \(client.profile.endpoint); choose another one",
            cause: "S3 409 \(S3Failure(response).code)"
        )
    }

    /// Deletes the bucket, which must be empty.
    public func remove() throws {
        var request = request(.delete)
        request.outcomes = [404]
        _ = try client.send(request)
    }

    /// Lets everybody read and list the bucket, without credentials.
    public func allowPublicRead() throws {
        let policy: JSONValue = [
            "Version": "2012-10-17",
            "Statement": [
                [
                    "Sid": "PublicRead", "Effect": "Allow", "Principal": ["AWS": ["*"]],
                    "Action": ["s3:GetObject", "s3:ListBucket"],
                    "Resource": [.string("arn:aws:s3:::\(name)"), .string("arn:aws:s3:::\(name)/*")],
                ]
            ],
        ]
        var request = request(.put)
        request.query = [("policy", "")]
        request.body = .bytes(Array(policy.serialized().utf8))
        _ = try client.send(request)
    }
}
