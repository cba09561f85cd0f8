import DatacubeStorage
import TestSupport
import Testing

@Suite struct AWSConfigurationTests {
    private func profile(
        _ name: String?,
        config: String = "",
        credentials: String = "",
        _ environment: [String: String] = [:]
    ) throws -> S3Profile {
        try withTemporaryDirectory { home in
            try FileSystem.createDirectories(home + "/.aws")
            try AtomicFile.write(Array(config.utf8), to: home + "/.aws/config")
            try AtomicFile.write(Array(credentials.utf8), to: home + "/.aws/credentials")
            return try AWSConfiguration(environment: environment.merging(["HOME": home]) { $1 }).profile(name)
        }
    }

    private let config = """
        # both
        [default]
        endpoint_url = https://default.example
        [profile cdse]
        endpoint_url=https://eodata.dataspace.copernicus.eu
        region = waw
        [profile allas]
        services = csc
        s3 =
          max_concurrent_requests = 10
        [services csc]
        s3 =
          endpoint_url = a3s.fi
        """
    private let credentials = """
        [cdse]
        aws_access_key_id = CDSEKEY
        aws_secret_access_key = se=cr#et
        aws_session_token = token
        """

    @Test func filesAsTheAWSToolsReadThem() throws {
        let cdse = try profile("cdse", config: config, credentials: credentials)
        #expect(cdse.endpoint.description == "https://eodata.dataspace.copernicus.eu")
        #expect(cdse.region == "waw")
        #expect(cdse.credentials == S3Credentials(accessKey: "CDSEKEY", secretKey: "se=cr#et", sessionToken: "token"))
        let allas = try profile("allas", config: config, credentials: credentials)
        #expect(allas.endpoint.description == "https://a3s.fi")
        #expect(allas.region == "default")
        #expect(allas.credentials == nil)
        #expect(try profile(nil, config: config).endpoint.description == "https://default.example")
        #expect(try profile(nil, config: config, ["AWS_PROFILE": "allas"]).name == "allas")
    }

    /// The judge is botocore, which made the table.
    @Test func filesAreReadAsBotocoreReadsThem() throws {
        let cases = try AWSFileCase.table()
        #expect(cases.count >= 80)
        let differences = try withTemporaryDirectory { home in try cases.compactMap { try $0.difference(in: home) } }
        #expect(differences == [])
    }

    /// Botocore refuses it; editors write it.
    @Test func aByteOrderMarkIsNoPartOfTheText() throws {
        let mark = "\u{FEFF}"
        let profile = try profile("cdse", config: mark + config, credentials: mark + credentials)
        #expect(profile.credentials?.accessKey == "CDSEKEY")
    }

    @Test func anEndpointBelowS3CountsWhereThereIsNoOther() throws {
        let nested = "s3 =\n  endpoint_url = https://s.example\n"
        #expect(try profile("x", config: "[profile x]\n" + nested).endpoint.description == "https://s.example")
        let both = "[profile x]\nendpoint_url = https://e.example\n" + nested
        #expect(try profile("x", config: both).endpoint.description == "https://e.example")
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEndsNeverCostTheKeys(_ end: String) throws {
        let profile = try profile(
            "cdse",
            config: config.replacing("\n", with: end),
            credentials: credentials.replacing("\n", with: end)
        )
        #expect(
            profile.credentials == S3Credentials(accessKey: "CDSEKEY", secretKey: "se=cr#et", sessionToken: "token")
        )
    }

    @Test func manySectionsWithManyDefaultsAreRead() throws {
        let defaults = (0..<20_000).map { "d\($0) = 1\n" }.joined()
        let sections = (0..<20_000).map { "[profile p\($0)]\n" }.joined()
        let config = "[DEFAULT]\n" + defaults + sections + "[profile x]\nendpoint_url = h\n"
        #expect(try profile("x", config: config).endpoint.description == "https://h")
    }

    @Test func variablesComeBeforeTheFilesButNotBeforeAProfilesKeys() throws {
        let environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:7480", "AWS_DEFAULT_REGION": "r", "AWS_ACCESS_KEY_ID": "ENVKEY",
            "AWS_SECRET_ACCESS_KEY": "s",
        ]
        let cdse = try profile("cdse", config: config, credentials: credentials, environment)
        #expect(cdse.endpoint.description == "http://127.0.0.1:7480")
        #expect(cdse.region == "r")
        #expect(cdse.credentials?.accessKey == "CDSEKEY")
        #expect(try profile("elsewhere", environment).credentials?.accessKey == "ENVKEY")
        let s3 = environment.merging(["AWS_ENDPOINT_URL_S3": "b.example:80", "AWS_REGION": "q"]) { $1 }
        #expect(try profile("cdse", config: config, s3).endpoint.description == "https://b.example:80")
        #expect(try profile("cdse", config: config, s3).region == "q")
    }

    @Test func otherFiles() throws {
        try withTemporaryDirectory { folder in
            try AtomicFile.write(Array("[profile x]\nendpoint_url = h".utf8), to: folder + "/c")
            try AtomicFile.write(Array("[x]\naws_access_key_id = K\naws_secret_access_key = S".utf8), to: folder + "/k")
            let files = ["AWS_CONFIG_FILE": folder + "/c", "AWS_SHARED_CREDENTIALS_FILE": folder + "/k"]
            #expect(try AWSConfiguration(environment: files).profile("x").credentials?.accessKey == "K")
            let atHome = ["HOME": folder, "AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "~/k"]
            #expect(try AWSConfiguration(environment: atHome).profile("x").credentials?.accessKey == "K")
        }
    }

    @Test(arguments: [
        ("none", "", "is neither in"), ("x", "[profile x]\nregion = r", "has no endpoint"),
        ("x", "[profile x]\nendpoint_url = http://h/path", "must not have a path"),
        ("x", "[profile x]\nendpoint_url = h\naws_access_key_id = K", "without its secret"),
        ("x", "[profile x]\nendpoint_url = h\nsso_session = s", "sso_session"),
        ("x", "[profile x]\nsecretvalue", "line 2"), ("x", "a = secretvalue", "line 1"),
        ("x", "[profile x]\r\nsecretvalue", "line 2"), ("x", "[profile x]\na = 1\n\na = secretvalue", "line 4"),
        ("x", "[profile y]\n[profile y]", "line 2"), ("x", "[profile x]\n= secretvalue", "line 2"),
        ("x", "[profile x]\na =\n secretvalue", "line 2"),
        ("x", "[profile x]\nendpoint_url = h # mine", "comments need lines of their own"),
        ("x", "[profile x]\nendpoint_url = h\naws_secret_access_key = secretvalue", "without its access key"),
        ("x", "[profile x]\nendpoint_url = h\naws_access_key_id =\naws_secret_access_key = secretvalue", "is empty"),
        (
            "x", "[profile x]\nendpoint_url = h\naws_access_key_id = K\naws_secret_access_key = secretvalue # c",
            "blanks"
        ),
        ("x", "[profile x]\nendpoint_url = h\nservices = s", "[services …]"),
    ])
    func whatIsMissingIsNamed(_ name: String, _ config: String, _ words: String) throws {
        #expect { try profile(name, config: config) } throws: {
            "\($0)".contains(words) && !"\($0)".contains("secretvalue")
        }
    }

    @Test func secretsAreNeverPrinted() throws {
        let profile = try profile("cdse", config: config, credentials: credentials)
        var dumped = ""
        dump(profile, to: &dumped)
        for text in ["\(profile)", dumped, String(reflecting: profile), String(describing: profile.credentials)] {
            #expect(!text.contains("se=cr#et") && !text.contains("token"))
        }
        #expect("\(profile)".contains("CDSE"))
    }
}
