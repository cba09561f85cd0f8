import Testing

@testable import DatacubeStorage

@Suite struct QuotaTests {
    @Test func eachStorageHasItsVariables() throws {
        let configuration = try Configuration(
            environment: [
                "DSLAB_NETWORK_QUOTA_FILES": "500000", "DSLAB_NETWORK_QUOTA_BYTES": "250GiB",
                "DSLAB_TEMP_QUOTA_FILES": "7", "DSLAB_TEMP_QUOTA_BYTES": "150 GiB",
                "DSLAB_S3_QUOTA_OBJECTS": "500001", "DSLAB_S3_QUOTA_BYTES": "10TB",
            ],
            envFile: nil
        )
        #expect(try configuration.quota(.network) == StorageQuota(files: 500_000, bytes: 250 << 30))
        #expect(try configuration.quota(.temp) == StorageQuota(files: 7, bytes: 150 << 30))
        #expect(try configuration.quota(.s3) == StorageQuota(files: 500_001, bytes: 10_000_000_000_000))
        let unset = try Configuration(environment: ["DSLAB_TEMP_QUOTA_FILES": ""], envFile: nil)
        for storage in Storage.allCases { #expect(try unset.quota(storage) == StorageQuota()) }
    }

    @Test(arguments: [("FILES", "500k"), ("FILES", "0"), ("FILES", "-1"), ("BYTES", "12XB"), ("BYTES", "0GiB")])
    func whatIsNoQuotaIsNamed(_ measure: String, _ value: String) throws {
        let name = "DSLAB_NETWORK_QUOTA_\(measure)"
        let configuration = try Configuration(environment: [name: value], envFile: nil)
        let error = #expect(throws: PipelineError.self) { try configuration.quota(.network) }
        #expect(error?.code == .configuration && error?.message.hasPrefix("\(name)=\(value) is not the ") == true)
    }

    @Test(arguments: [
        ("0", 0), ("1023", 1023), ("7B", 7), ("1KiB", 1024), ("3MiB", 3 << 20), ("250GiB", 250 << 30),
        ("10TiB", 10 << 40), ("1KB", 1000), ("2MB", 2_000_000), ("4GB", 4_000_000_000), ("10TB", 10_000_000_000_000),
        ("1.5TiB", 3 << 39), ("250 gib", 250 << 30),
    ])
    func sizesAreReadAsPeopleWriteThem(_ text: String, _ bytes: Int) { #expect(ByteSize.parse(text) == bytes) }

    @Test(arguments: ["", "GiB", "-1", "1.", ".5GB", "1..5GB", "12XB", "1 2", "1e9", "9999999999TiB", "٣GB", "1,5GB"])
    func whatIsNoSizeIsNotRead(_ text: String) { #expect(ByteSize.parse(text) == nil) }
}
