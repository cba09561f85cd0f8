import FoundationEssentials
import Logging
import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct SynthesisJobTests {
    private func settings(_ output: String, jobs: Int = 2, baseline: String = "05.10") -> SynthesisJob.Settings {
        SynthesisJob.Settings(
            output: output,
            tiles: ["35VLH"],
            year: 2024,
            dates: 2,
            extent: 384,
            baseline: baseline,
            options: RunOptions(jobs: jobs)
        )
    }

    private func synthesize(_ settings: SynthesisJob.Settings) async throws -> JobOutcome {
        try await SynthesisJob(settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }).run()
    }

    @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() async throws {
        try await withTemporaryDirectory { directory in
            let (one, two) = (directory + "/one", directory + "/two")
            #expect(try await synthesize(settings(one, jobs: 1)) == JobOutcome(finished: 2))
            #expect(try await synthesize(settings(two, jobs: 2)) == JobOutcome(finished: 2))
            let files = try ProductTree(one).files
            #expect(try ProductTree(two).files == files)
            #expect(files.count > 60)
            for file in files {
                #expect(try FileSystem.contents(of: one + file) == FileSystem.contents(of: two + file), "\(file)")
            }
        }
    }

    @Test func aCompleteProductIsLeftAloneAndAnIncompleteOneIsMadeAgain() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await synthesize(settings(directory))
            let product = try #require(try ProductTree(directory).products.first)
            let band = try #require(try ProductTree(product).files.first { $0.hasSuffix("_B02.jp2") })
            let bytes = try FileSystem.contents(of: product + band)
            try FileSystem.remove(product)
            let killed = directory + "/.synthesis-35VLH.lock/abc"
            try FileSystem.createDirectories(killed + "/.product.partial/GRANULE")
            var owner = LockOwner.current(environment: [:])
            owner.hasEnded = true
            try LockHolder.write(owner, in: killed)
            #expect(try await synthesize(settings(directory)) == JobOutcome(finished: 1, skipped: 1))
            #expect(try FileSystem.contents(of: product + band) == bytes)
            #expect(try FileTree(directory).paths.filter { $0.contains("/.") } == [])
        }
    }

    @Test func anotherExtentUnderTheSameNameIsAFailureThatNamesTheProduct() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await synthesize(settings(directory))
            var other = settings(directory)
            other.extent = 390
            let outcome = try await synthesize(other)
            #expect(outcome.failures.count == 2)
            #expect(outcome.failures.allSatisfy { $0.contains("T35VLH") && $0.contains("390") })
        }
    }

    @Test(arguments: [("05.10", MessageDigest.Algorithm.sha3_256, true), ("03.01", .md5, false)])
    func theManifestListsEveryFileWithItsDigest(
        _ expected: (baseline: String, algorithm: MessageDigest.Algorithm, offsets: Bool)
    ) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await synthesize(settings(directory, baseline: expected.baseline))
            #expect(outcome == JobOutcome(finished: 2))
            for product in try ProductTree(directory).products {
                let manifest = try text(product + "/manifest.safe")
                let objects = manifest.split(separator: "<dataObject ID=").dropFirst()
                let files = try ProductTree(product).files.filter { $0 != "/manifest.safe" }
                #expect(objects.count == files.count)
                #expect(Set(objects.map { $0.prefix { $0 != ">" } }).count == files.count)
                for object in objects {
                    let path = product + between(object, "href=\".", "\"")
                    #expect(between(object, "checksumName=\"", "\"") == expected.algorithm.rawValue)
                    let digest = try MessageDigest.hexadecimal(ofFile: path, expected.algorithm)
                    #expect(String(object).contains(">\(digest)<"))
                    #expect(try FileSystem.status(path)?.size == Int(between(object, "size=\"", "\"")))
                }
                let metadata = try text(product + "/MTD_MSIL1C.xml")
                #expect(metadata.contains("RADIO_ADD_OFFSET") == expected.offsets)
            }
        }
    }

    @Test func namesTimesAndFoldersAgree() async throws {
        try await withTemporaryDirectory { directory in
            #expect(try await synthesize(settings(directory)) == JobOutcome(finished: 2))
            for product in try ProductTree(directory).products {
                let name = FileSystem.name(of: product)
                let parts = name.split(separator: "_").map(String.init)
                #expect(parts.count == 7 && parts[1] == "MSIL1C" && parts[3] == "N0510" && parts[5] == "T35VLH")
                let metadata = try text(product + "/MTD_MSIL1C.xml")
                #expect(between(metadata, "<PRODUCT_URI>", "<") == name)
                let start = between(metadata, "<DATATAKE_SENSING_START>", "<")
                #expect(start.filter { $0.isNumber }.prefix(14) == parts[2].filter { $0.isNumber }.prefix(14))
                #expect(product.contains("/" + start.prefix(10).replacing("-", with: "/") + "/"))
                #expect(between(metadata, "<SENSING_ORBIT_NUMBER>", "<") == String(Int(parts[4].dropFirst()) ?? 0))
                let granule = try #require(try ProductTree(product).files.first { $0.hasSuffix("MTD_TL.xml") })
                let sensing = between(try text(product + granule), "<SENSING_TIME metadataLevel=\"Standard\">", "<")
                #expect(sensing > start && sensing.count == 27)
                for image in imageFiles(metadata) { #expect(try FileSystem.exists("\(product)/\(image).jp2")) }
                #expect(imageFiles(metadata).count == 14)
            }
        }
    }

    @Test func gdalOpensEveryResolution() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await synthesize(settings(directory))
            let product = try #require(try ProductTree(directory).products.first)
            let names = try GDALDataset(reading: product + "/MTD_MSIL1C.xml").subdatasets
            let sizes = try names.map { try GDALDataset(reading: $0).width }
            #expect(sizes == [384, 192, 64, 384])
        }
    }

    @Test func settingsThatMakeNoSenseAreRefused() async throws {
        for change: (inout SynthesisJob.Settings) -> Void in [
            { $0.extent = 385 }, { $0.extent = 10986 }, { $0.dates = 0 }, { $0.dates = 400 },
            { $0.tiles = ["nowhere"] },
            { $0.baseline = "five" },
        ] {
            var wrong = settings("/nonexistent")
            change(&wrong)
            let error = await #expect(throws: PipelineError.self) { try await synthesize(wrong) }
            #expect(error?.code == .configuration)
        }
    }

    private func text(_ path: String) throws -> String {
        try String(decoding: FileSystem.contents(of: path), as: UTF8.self)
    }

    private func between(_ text: some StringProtocol, _ start: String, _ end: String) -> String {
        let parts = String(text).split(separator: start, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count < 2 ? "" : String(parts[1].split(separator: end, maxSplits: 1).first ?? "")
    }

    private func imageFiles(_ metadata: String) -> [String] {
        metadata.split(separator: "<IMAGE_FILE>").dropFirst().compactMap {
            $0.split(separator: "<").first.map(String.init)
        }
    }
}

/// The files and products below a directory.
private struct ProductTree {
    var files: [String] = []
    var products: [String] = []

    init(_ root: String) throws { try visit(root, "") }

    private mutating func visit(_ root: String, _ path: String) throws {
        for name in try FileSystem.list(root + path) {
            let next = "\(path)/\(name)"
            guard try FileSystem.status(root + next)?.kind == .directory else {
                files.append(next)
                continue
            }
            if name.hasSuffix(".SAFE") { products.append(root + next) }
            try visit(root, next)
        }
    }
}
