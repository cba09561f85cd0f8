import Dispatch
import TestSupport
import Testing

/// How a job ended that was cancelled while it waited for a server.
private struct Ending: Sendable {
    /// Nil where the job ended as if nothing had been.
    let error: (any Error)?
    let moment: ContinuousClock.Instant
}

/// Threads for one test's tasks: other tests may hold all of Swift's own for a while.
private final class OwnThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "test", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

extension SmallS3Server {
    /// Runs a job until the server gets a request that it does not answer, cancels the job, and expects it to end within
    /// two seconds with `CancellationError`; afterwards the server answers again.
    func expectToEndWhenCancelled(
        ignoring kind: RequestKind,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ job: @escaping @Sendable () async throws -> Void
    ) async throws {
        change { $0.isIgnored = kind.includes }
        defer { change { $0.isIgnored = { _ in false } } }
        let before = requests.count
        let task = Task(executorPreference: OwnThreads()) {
            do {
                try await job()
                return Ending(error: nil, moment: .now)
            } catch {
                return Ending(error: error, moment: .now)
            }
        }
        let patience = ContinuousClock.now + .seconds(60)
        while !requests.dropFirst(before).contains(where: kind.includes), ContinuousClock.now < patience {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(requests.dropFirst(before).contains(where: kind.includes), sourceLocation: sourceLocation)
        let cancelled = ContinuousClock.now
        task.cancel()
        let ending = await task.value
        #expect(ending.error is CancellationError, "\(ending)", sourceLocation: sourceLocation)
        #expect(ending.moment - cancelled < .seconds(2), "\(ending.moment - cancelled)", sourceLocation: sourceLocation)
    }
}

/// Kinds of requests that a server may leave without an answer.
enum RequestKind: Sendable {
    case listing, upload
    /// Any that asks for something.
    case reading
    /// Of an object, or of a part of it.
    case content
    /// Of a part that is not at the object's beginning, as when a file is open already.
    case laterContent
    /// What declares a datacube complete, which comes after the data.
    case marker

    func includes(_ request: LoopbackServer.Request) -> Bool {
        switch self {
        case .listing: request.method == "GET" && request.target.contains("list-type=2")
        case .upload: request.method == "PUT"
        case .reading: request.method == "GET"
        case .content: request.method == "GET" && !request.target.contains("?")
        case .laterContent:
            RequestKind.content.includes(request) && request.fields["range"]?.hasPrefix("bytes=0-") == false
        case .marker: request.path.hasSuffix("/35VLH/2024/10m/zarr.json")
        }
    }
}
