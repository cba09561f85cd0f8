import Logging
import TestSupport

@testable import DatacubeStorage

/// The archive's first dates in all formats, made once for all tests of the benchmark.
enum BenchmarkArchive {
    static let dates = 3

    private static let made = Task { () -> String in
        let folder = SyntheticArchive.folder + "/formats"
        // The products of the archive are found before its folder holds another.
        _ = try await SyntheticArchive.products()
        try await SyntheticArchive.link(0..<dates, below: folder + "/safe")
        let formats: [(Converter, DataFormat, CubeSchema.Chunking)] = [
            (.cog, .cog, Converter.smallChunks), (.zarr, .zarr, Converter.smallChunks),
            (.zarr, .shardzarr, Converter.smallShards), (.zipzarr, .zipzarr, Converter.smallChunks),
        ]
        for (converter, format, chunking) in formats {
            let target = "\(folder)/\(format.name)"
            let outcome = try await converter.run(from: folder + "/safe", to: target, chunking: chunking)
            guard outcome.status == .done else {
                throw PipelineError(.system, outcome.failures.joined(separator: "; "))
            }
        }
        return folder
    }

    /// Gives the files below a folder bytes of their own, which no other test brings back into the page cache.
    static func separate(_ folder: String) throws {
        for path in try FileTree(folder).files.map({ folder + $0 }) {
            try AtomicFile.write(FileSystem.contents(of: path), to: path)
        }
    }

    /// A copy of the archive that a test may damage, as places on the network storage.
    static func selection(below directory: String) async throws -> PatchSelection {
        let source = try await made.value
        let places = try DataFormat.allCases.map { format in
            let folder = "\(directory)/\(format.name)"
            try SyntheticArchive.linkTree("\(source)/\(format.name)", to: folder)
            return PatchSelection.Place(storage: .network, format: format, store: LocalStore(root: folder))
        }
        return PatchSelection(places: places)
    }
}
