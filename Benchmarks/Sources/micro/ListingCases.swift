import DatacubeStorage

/// Finding the files of a Zarr tree, as staging and mirroring do first.
enum ListingCases {
    private static let (folders, files) = (100, 100)

    static func measure() throws -> [Measurement] {
        let root = "\(FileSystem.parent(of: CommandLine.arguments[0]))/micro-listing"
        defer { try? FileSystem.remove(root) }
        for folder in 0..<folders {
            let path = "\(root)/c/0/\(folder)"
            try FileSystem.createDirectories(path)
            for file in 0..<files { try AtomicFile.write([1], to: "\(path)/\(file)", durability: .deferred) }
        }
        let store = LocalStore(root: root)
        let count = folders * files
        guard try store.list("").count == count else { throw PipelineError(.mismatch, "\(root) is not listed whole") }
        return [
            try Measurement("list \(count) files", amount: Double(count) / 1e3, unit: "thousand files/s") {
                _ = try store.list("")
            }
        ]
    }
}
