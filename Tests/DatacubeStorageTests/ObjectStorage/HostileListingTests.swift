import TestSupport
import Testing

@testable import DatacubeStorage

/// Listings of a server that says anything: an error that names the key, never a crash.
@Suite struct HostileListingTests {
    @Test(arguments: ["9223372036854775807", "-5", "-9223372036854775808", "1e3", "", "0x10", "70368744177665", "٣"])
    func aSizeThatNoObjectHasIsRefused(_ size: String) async throws {
        try await MirrorSides.with { sides in
            sides.server.change { state in
                for path in MirrorSides.paths { state.objects[path] = [1] }
                state.sizes[MirrorSides.paths[3]] = size
            }
            let tree = StagingJob.Tree(format: .zarr, source: .bucket(sides.store), target: sides.folder)
            let jobs: [() async throws -> JobOutcome] = [
                { try await StagingJob(.init(trees: [tree], options: RunOptions(jobs: 1)), log: .silent).run() },
                { try await sides.mirror(sides.settings(.down)) },
            ]
            for job in jobs {
                let error = await #expect(throws: PipelineError.self) { try await job() }
                #expect(error?.code == .corrupt && error?.message.contains(MirrorSides.paths[3]) == true)
            }
        }
    }

    /// Each is possible, together they are more than 1 PiB, and in some sums more than 64 bits.
    @Test func sizesThatDoNotAddUpAreRefused() async throws {
        try await MirrorSides.with { sides in
            sides.server.change { state in
                for number in 10..<60 {
                    state.objects["35VLH/2024/10m/data/c/\(number)"] = [1]
                    state.sizes["35VLH/2024/10m/data/c/\(number)"] = "\(ObjectSize.largest)"
                }
            }
            let error = await #expect(throws: PipelineError.self) { try await sides.mirror(sides.settings(.down)) }
            #expect(error?.code == .corrupt && error?.message.contains("1 PiB") == true)
        }
    }

    /// A time that no file system tells in nanoseconds is none: the content decides.
    @Test(arguments: ["9999-12-31T23:59:59.000Z", "0001-01-01T00:00:00.000Z"])
    func timesBeyondBeliefAreNone(_ time: String) async throws {
        try await MirrorSides.with { sides in
            sides.server.change { state in
                for path in MirrorSides.paths { state.objects[path] = Array(path.utf8) }
                state.time = time
            }
            let count = MirrorSides.paths.count
            let (first, second) = (
                try await sides.mirror(sides.settings(.down)), try await sides.mirror(sides.settings(.down))
            )
            #expect(first == JobOutcome(finished: count) && second == JobOutcome(skipped: count))
        }
    }

    @Test func uploadsInACircleEnd() throws {
        let server = try LoopbackServer { _, number in
            let marker = "<NextKeyMarker>\(number % 2)</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker>"
            let more = "<IsTruncated>true</IsTruncated>\(marker)"
            return [.answer(200, text: "<ListMultipartUploadsResult>\(more)</ListMultipartUploadsResult>")]
        }
        let error = #expect(throws: PipelineError.self) { try testClient(server.url).bucket("b").unfinishedUploads("") }
        #expect(error?.code == .corrupt && server.requests.count < 10)
    }

    /// New tokens for ever, with the same keys, or with none.
    @Test(arguments: ["<Contents><Key>a</Key><Size>1</Size></Contents>", ""])
    func pagesThatLeadNowhereEnd(_ contents: String) throws {
        let server = try LoopbackServer { _, number in
            let more = "<IsTruncated>true</IsTruncated><NextContinuationToken>t\(number)</NextContinuationToken>"
            return [.answer(200, text: "<ListBucketResult>\(contents)\(more)</ListBucketResult>")]
        }
        let error = #expect(throws: PipelineError.self) { try testClient(server.url).bucket("b").list("") }
        #expect(error?.code == .corrupt && server.requests.count < 110)
    }

    @Test(arguments: ["-1", "9223372036854775807", "many"])
    func lengthsInHeadersAreBounded(_ length: String) throws {
        let server = try LoopbackServer { _, _ in
            [.answer(206, ["Content-Range": "bytes 0-0/\(length)", "ETag": "x"], [1])]
        }
        #expect(throws: PipelineError.self) {
            _ = try S3Store(bucket: testClient(server.url).bucket("b"), prefix: "").reader(of: "k")
        }
        let head = try LoopbackServer { _, _ in
            [.answer(200, ["Content-Length": length, "Connection": "close"]), .close]
        }
        #expect(throws: PipelineError.self) { _ = try testClient(head.url).bucket("b").get("k", limit: 1 << 20) }
    }

    @Test func objectsThatAreNoDocumentsAreNotTakenWhole() throws {
        let memory = MemoryStore()
        try memory.put("zarr.json", [UInt8](repeating: 0x20, count: 2000), durability: .deferred)
        try withTemporaryDirectory { directory in
            try AtomicFile.write([UInt8](repeating: 0x20, count: 2000), to: directory + "/zarr.json")
            let server = try LoopbackServer { _, _ in [.answer(200, text: String(repeating: " ", count: 2000))] }
            let bucket = try testClient(server.url).bucket("b")
            let stores: [any ObjectStore] = [memory, LocalStore(root: directory), S3Store(bucket: bucket, prefix: "")]
            for store in stores {
                #expect(try store.get("zarr.json", limit: 2000)?.count == 2000)
                let error = #expect(throws: PipelineError.self) { try store.get("zarr.json", limit: 1999) }
                #expect(error?.message.contains("zarr.json") == true)
            }
        }
    }

    @Test func aNameThatDoesNotExistIsNotTriedAgain() throws {
        let log = RecordingLog()
        let client = try testClient("http://no-such-host.invalid:9", log: log.logger)
        let error = #expect(throws: PipelineError.self) { try client.bucket("b").get("k") }
        // A machine whose name server does not answer cannot tell.
        guard error?.code != .unavailable else { return }
        #expect(error?.code == .configuration && error?.message.contains("no-such-host.invalid") == true)
        #expect(log.lines == [] && client.counter.counts.retries == 0)
    }
}
