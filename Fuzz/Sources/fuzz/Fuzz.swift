// Entry points that libFuzzer, which has the program's main function, calls:
// https://llvm.org/docs/LibFuzzer.html#fuzz-target
import Glibc

@testable import DatacubeStorage

nonisolated(unsafe) private var parser: Parser?

/// Does what the environment asks for instead of fuzzing, or chooses the parser.
///
///     FUZZ_DO=list                       prints the parsers' names
///     FUZZ_DO=seeds FUZZ_SEEDS=DIR       makes the files that mutations begin with
///     FUZZ_DO=jp2 FUZZ_MUTANTS=N …       compares the JPEG 2000 decoders
///     FUZZ_DO=explain FUZZ_FILE=PATH     tells where they differ on a file
///     FUZZ_PARSER=NAME                   fuzzes one of the parsers
@_cdecl("LLVMFuzzerInitialize") public func initialize(_ count: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?)
    -> Int32
{
    do {
        switch variable("FUZZ_DO") {
        case "list": print(Parser.all.map(\.name).joined(separator: "\n"))
        case "seeds": try Seeds(folder: variable("FUZZ_SEEDS")).make()
        case "jp2": exit(try DecoderComparison().run() ? 0 : 1)
        case "explain": try DecoderComparison.explain(variable("FUZZ_FILE"))
        default:
            parser = Parser.all.first { $0.name == variable("FUZZ_PARSER") }
            if parser != nil { return 0 }
            fail("name a parser in FUZZ_PARSER", status: 64)
        }
    } catch {
        fail("\(error)", status: 1)
    }
    exit(0)
}

/// Runs the parser on an input.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    parser?.test(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

private func fail(_ reason: String, status: Int32) -> Never {
    let line = Array("fuzz: \(reason)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
}

/// A variable of the environment, empty where it is not set.
func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }

/// Waits for asynchronous work.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) throws -> Result {
    let result = Monitor<Swift.Result<Result, any Error>?>(nil)
    Task.detached {
        do {
            let value = try await body()
            result.change { $0 = .success(value) }
        } catch {
            result.change { $0 = .failure(error) }
        }
    }
    return try result.wait { $0 }.get()
}
