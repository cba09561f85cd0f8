import Foundation
import Glibc
import Synchronization
import Testing

@testable import DatacubeStorage

/// What a failed system call becomes; the causes are the texts of errno(3).
@Suite struct SystemCallTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        let number: Int32
        let action: String
        let code: PipelineError.Code
        let words: String
        let cause: String
        var testDescription: String { "\(action): \(cause)" }

        init(_ number: Int32, _ action: String, _ code: PipelineError.Code, _ words: String, _ cause: String) {
            (self.number, self.action, self.code, self.words, self.cause) = (number, action, code, words, cause)
        }
    }

    private static let absent = ": it does not exist"
    private static let full = ": no space is left there; free some or choose another target"
    private static let forbidden = ": permission denied; check owner and mode"

    @Test(arguments: [
        Failure(ENOENT, "read", .notFound, absent, "No such file or directory"),
        Failure(ENOENT, "create", .notFound, absent, "No such file or directory"),
        Failure(ENOSPC, "write", .noSpace, full, "No space left on device"),
        Failure(ENOSPC, "create", .noSpace, full, "No space left on device"),
        Failure(EDQUOT, "write", .noSpace, full, "Disk quota exceeded"),
        Failure(EACCES, "read", .unreadable, forbidden, "Permission denied"),
        Failure(EACCES, "list", .unreadable, forbidden, "Permission denied"),
        Failure(EACCES, "write", .unwritable, forbidden, "Permission denied"),
        Failure(EACCES, "create", .unwritable, forbidden, "Permission denied"),
        Failure(EPERM, "read", .unreadable, forbidden, "Operation not permitted"),
        Failure(EPERM, "list", .unreadable, forbidden, "Operation not permitted"),
        Failure(EPERM, "remove", .unwritable, forbidden, "Operation not permitted"),
        Failure(EPERM, "rename", .unwritable, forbidden, "Operation not permitted"),
        Failure(EROFS, "create", .unwritable, ": the file system is read-only", "Read-only file system"),
        Failure(EIO, "read", .unreadable, ": the storage fails there", "Input/output error"),
        Failure(EIO, "write", .system, "", "Input/output error"),
        Failure(EMFILE, "read", .system, "", "Too many open files"),
        Failure(ELOOP, "list", .system, "", "Too many levels of symbolic links"),
        Failure(ENAMETOOLONG, "create", .system, "", "File name too long"),
        Failure(EFBIG, "write", .system, "", "File too large"),
        // A file server that was exchanged.
        Failure(ESTALE, "read", .unreadable, ": the storage fails there", "Stale file handle"),
        Failure(ESTALE, "write", .system, "", "Stale file handle"),
    ])
    func eachNumberHasItsCodeAndItsWords(_ failure: Failure) {
        let error = SystemCall.failure(failure.action, "/some/where", errno: failure.number)
        #expect(error.code == failure.code)
        #expect(error.message == "cannot \(failure.action) /some/where" + failure.words)
        #expect(error.cause == failure.cause)
    }

    @Test func theNumberIsThatOfTheLastCallUnlessOneIsGiven() {
        errno = EROFS
        #expect(SystemCall.failure("write", "/a").cause == "Read-only file system")
    }

    @Test(arguments: [0, 7]) func aCallThatASignalInterruptedIsRepeated(_ answer: Int) throws {
        var calls = 0
        let value = try SystemCall.check("read", path: "/a") {
            calls += 1
            errno = EINTR
            return calls <= 3 ? -1 : answer
        }
        #expect(value == answer && calls == 4)
    }

    @Test(arguments: [EAGAIN, EIO, ENOENT]) func noOtherFailureIsRepeated(_ number: Int32) {
        var calls = 0
        let error = #expect(throws: PipelineError.self) {
            try SystemCall.check("read", path: "/a") {
                calls += 1
                errno = number
                return calls == 1 ? -1 : 0
            }
        }
        #expect(calls == 1 && error?.message.hasPrefix("cannot read /a") == true)
    }

    /// Opening a pipe waits until somebody opens its other end, which is long enough for signals to come.
    @Test func signalsDoNotEndAnOpen() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/pipe"
            try #require(mkfifo(path, 0o600) == 0)
            // Without SA_RESTART, so that the system itself does not repeat the call.
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in arrived.add(1, ordering: .relaxed) }
            var before = sigaction()
            try #require(sigaction(SIGUSR2, &action, &before) == 0)
            defer { sigaction(SIGUSR2, &before, nil) }
            let opened = Monitor<Result<Void, any Error>?>(nil)
            let waiting = Monitor<pthread_t?>(nil)
            Thread.detachNewThread {
                // Who starts the tests may have blocked it.
                var signals = sigset_t()
                sigemptyset(&signals)
                sigaddset(&signals, SIGUSR2)
                pthread_sigmask(SIG_UNBLOCK, &signals, nil)
                waiting.change { $0 = pthread_self() }
                let result = Result { _ = try LocalFile(reading: path) }
                opened.change { $0 = result }
            }
            let thread = waiting.wait { $0 }
            for _ in 0..<20 where opened.wait(seconds: 0.01, for: { $0 }) == nil { pthread_kill(thread, SIGUSR2) }
            #expect(opened.wait(seconds: 0, for: { $0 }) == nil, "nobody has opened the other end yet")
            // For reading too, so that this does not wait, should the thread have given up.
            let other = open(path, O_RDWR | O_CLOEXEC)
            defer { close(other) }
            #expect(throws: Never.self) { try opened.wait { $0 }.get() }
            #expect(arrived.load(ordering: .relaxed) > 0)
        }
    }
}

private let arrived = Atomic<Int>(0)
