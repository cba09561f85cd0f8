import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct BodyRelayTests {
    private static let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    /// Sends one request whose body goes to a function, on a thread that may block.
    private func send(
        _ actions: [LoopbackServer.Action],
        to take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) async throws -> HTTPResponse {
        let server = try LoopbackServer { _, _ in actions }
        let client = try HTTPClient(limits: ConnectionLimits(total: 1))
        var request = HTTPRequest(.get, server.url)
        request.destination = .sink(take)
        let sent = request
        return try await BlockingExecutor(width: 1).run { try client.send(sent) }
    }

    @Test func aTakerThatIsSlowGetsAllBytesInOrder() async throws {
        let taken = Mutex<[UInt8]>([])
        let sizes = Mutex<[Int]>([])
        let response = try await send([.answer(200, [:], Self.body)]) { bytes in
            if taken.withLock({ $0.isEmpty }) { usleep(200_000) }
            taken.withLock { $0.append(contentsOf: bytes) }
            sizes.withLock { $0.append(bytes.count) }
        }
        #expect(sizes.withLock { $0.dropLast().allSatisfy { $0 % 4096 == 0 } }, "pieces of whole pages")
        #expect(response.byteCount == Self.body.count)
        #expect(taken.withLock { $0 } == Self.body)
    }

    @Test func whatCameBeforeABreakIsGiven() async throws {
        let taken = Mutex(0)
        await #expect(throws: PipelineError.self) {
            try await send([.answer(200, ["Content-Length": "100"], text: "short"), .close]) { bytes in
                taken.withLock { $0 += bytes.count }
            }
        }
        #expect(taken.withLock { $0 } == 5)
    }

    @Test(arguments: [100, 3_000_000])
    func theTakersErrorEndsTheRequest(_ size: Int) async throws {
        let calls = Mutex(0)
        await #expect {
            try await send([.answer(200, [:], Array(Self.body[..<size]))]) { _ in
                calls.withLock { $0 += 1 }
                throw PipelineError(.noSpace, "the disk is full")
            }
        } throws: {
            ($0 as? PipelineError)?.code == .noSpace
        }
        #expect(calls.withLock { $0 } == 1)
    }
}
