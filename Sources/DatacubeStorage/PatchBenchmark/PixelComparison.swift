/// In what pixels of a source differ from those of the first, and which of its dates cannot be loaded.
struct PixelFindings: Sendable {
    /// Planes that differ, and where the first pixel does.
    struct Difference: Sendable {
        var planes: Int
        let first: String
    }

    /// By product.
    private(set) var differences: [String: Difference] = [:]
    /// Why pixels of a product cannot be loaded.
    private(set) var failures: [String: PipelineError] = [:]

    var isEmpty: Bool { differences.isEmpty && failures.isEmpty }

    mutating func add(differenceAt place: String, of product: String) {
        differences[product, default: Difference(planes: 0, first: place)].planes += 1
    }

    mutating func add(_ failure: PipelineError, of product: String) {
        if failures[product] == nil { failures[product] = failure }
    }

    /// Without the differences of products whose pixels are not right in the first source itself.
    func without(_ products: Set<String>) -> PixelFindings {
        var rest = self
        rest.differences = differences.filter { !products.contains($0.key) }
        return rest
    }
}

/// Compares the pixels of sources with those of the first, block by block.
struct PixelComparison: Sendable {
    private let set: SourceSet
    private let threads: PatchThreads
    private let progress: Progress
    /// For each source.
    private(set) var findings: [PixelFindings]

    init(_ set: SourceSet, on threads: PatchThreads, progress: Progress) {
        (self.set, self.threads, self.progress) = (set, threads, progress)
        findings = set.sources.map { _ in PixelFindings() }
    }

    // What damaged data are met with; everything else says nothing of them.
    private static let damages: Set<PipelineError.Code> = [.corrupt, .unsupported, .mismatch, .notFound]

    /// Compares the pixels of a block, of each date by itself where a source has not all of them.
    mutating func compare(_ block: VerificationBlock) async throws {
        guard try await !compareAtOnce(block) else { return }
        for single in block.ofSingleDates { try await compareDate(single) }
    }

    /// - Returns: false, and nothing is noted, where pixels cannot be loaded.
    private mutating func compareAtOnce(_ block: VerificationBlock) async throws -> Bool {
        var found: [(source: Int, position: Int)] = []
        do {
            let reference = try await load(block, source: 0)
            for source in set.sources.indices.dropFirst() {
                let pixels = try await load(block, source: source)
                found += try await differences(pixels, from: reference, in: block).map { (source, $0) }
            }
        } catch let error as PipelineError where Self.damages.contains(error.code) {
            return false
        }
        for (source, position) in found { note(position, of: block, source: source) }
        progress.advance(by: block.pixelCount * set.sources.count)
        return true
    }

    private mutating func compareDate(_ block: VerificationBlock) async throws {
        let product = set.identifiers[block.dates.lowerBound]
        var reference: PixelBuffer<UInt16>?
        for source in set.sources.indices {
            do {
                let pixels = try await load(block, source: source)
                if source == 0 { reference = pixels }
                guard source > 0, let reference else { continue }
                for position in try await differences(pixels, from: reference, in: block) {
                    note(position, of: block, source: source)
                }
            } catch let error as PipelineError where Self.damages.contains(error.code) {
                findings[source].add(error, of: product)
            }
        }
        progress.advance(by: block.pixelCount * set.sources.count)
    }

    private mutating func note(_ position: Int, of block: VerificationBlock, source: Int) {
        let product = set.identifiers[block.date(of: position)]
        findings[source].add(differenceAt: block.place(of: position, set.identifiers), of: product)
    }

    private func differences(
        _ pixels: PixelBuffer<UInt16>,
        from reference: PixelBuffer<UInt16>,
        in block: VerificationBlock
    ) async throws -> [Int] {
        try await threads.processors.run { block.differences(pixels, reference) }
    }

    private func load(_ block: VerificationBlock, source: Int) async throws -> PixelBuffer<UInt16> {
        let pixels = try PixelBuffer<UInt16>(zeroed: block.pixelCount)
        let executor = threads.executor(for: set.sources[source].place.store)
        try await threads.processors.forEach(block.planeCount) { plane in
            pixels.markUnwritten((plane * block.window.pixelCount)..<((plane + 1) * block.window.pixelCount))
        }
        let products = Array(set.positions[source][block.dates])
        let window = PatchWindow(resolution: block.resolution, window: block.window, pixels: pixels)
        try await set.sources[source].source.load([window], products: products, on: executor)
        return pixels
    }
}
