import DatacubeStorage
import Foundation

/// Files of the AWS tools, and what botocore reads in them: `Tests/Interoperability/aws_files.py` made both.
public struct AWSFileCase: Decodable, Sendable {
    private struct Expected: Decodable {
        var error: String?
        var endpoint: String?
        var region: String?
        var access_key: String?
        var secret_key: String?
        var token: String?
    }

    private let name: String
    private let profile: String
    private let config: String
    private let credentials: String
    private let expected: Expected

    /// Reads a table of cases.
    public static func table(_ json: some Collection<UInt8>) throws -> [AWSFileCase] {
        try JSONDecoder().decode([AWSFileCase].self, from: Data(json))
    }

    /// The table that lies beside the script.
    public static func table() throws -> [AWSFileCase] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try table(Data(contentsOf: tests.appending(path: "Interoperability/aws_files.json")))
    }

    /// Where the tools read these files otherwise than botocore, which lie below `home` then.
    ///
    /// Nil where they agree, or refuse what botocore would use although it cannot be meant: values with blanks in
    /// them, a profile without endpoint, a secret without key.
    public func difference(in home: String) throws -> String? {
        try FileSystem.createDirectories(home + "/.aws")
        try AtomicFile.write(Array(config.utf8), to: home + "/.aws/config")
        try AtomicFile.write(Array(credentials.utf8), to: home + "/.aws/credentials")
        let found = Result { try AWSConfiguration(environment: ["HOME": home]).profile(profile) }
        switch (found, try? meant()) {
        case (.failure, nil): return nil
        case (.failure(let error), .some(let meant)):
            let isSecretAlone = meant.credentials == nil && "\(error)".contains("a secret key without its access key")
            return isSecretAlone ? nil : "\(name): refused (\(error)) where botocore reads \(meant)"
        // An endpoint below `s3 =`, which botocore leaves to a plugin.
        case (.success, nil) where expected.error == nil && expected.endpoint == nil: return nil
        case (.success(let profile), nil): return "\(name): read as \(profile), where botocore reads \(expected)"
        case (.success(let profile), .some(let meant)):
            return profile == meant ? nil : "\(name): read as \(profile), where botocore reads \(meant)"
        }
    }

    private struct NotMeant: Error {}

    // What botocore reads, as a profile; an error where nobody can mean it.
    private func meant() throws -> S3Profile {
        let values = [expected.endpoint, expected.region, expected.access_key, expected.secret_key, expected.token]
        guard expected.error == nil, let endpoint = expected.endpoint, expected.access_key != "",
            expected.secret_key != "", !values.contains(where: { $0?.contains(where: \.isWhitespace) == true })
        else { throw NotMeant() }
        let token = expected.token == "" ? nil : expected.token
        return try S3Profile(
            name: profile,
            endpoint: endpoint,
            region: expected.region.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
            credentials: expected.access_key.map {
                S3Credentials(accessKey: $0, secretKey: expected.secret_key ?? "", sessionToken: token)
            }
        )
    }
}
