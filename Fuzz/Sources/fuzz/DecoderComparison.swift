import CReferenceDecoder

@testable import DatacubeStorage

/// The JPEG 2000 decoder of this project against OpenJPEG's, on damaged codestreams.
///
/// Where OpenJPEG decodes without a word, the pixels have to be the same, or the file refused. Where it warns it has put
/// something in the place of what it could not decode, so that other pixels are no fault.
struct DecoderComparison {
    private enum End: String, CaseIterable {
        case equal, refused, refusedByOpenJPEG, refusedByBoth, leftToOpenJPEG, differsAfterWarning, differs
    }

    private let mutants = Int(variable("FUZZ_MUTANTS")) ?? 1000
    private let seed = UInt64(variable("FUZZ_SEED")) ?? 1
    private let folder = variable("FUZZ_FINDINGS")

    /// - Returns: Whether no mutant decodes to other pixels.
    func run() throws -> Bool {
        let files = try BandFile.all()
        var random = RandomSource(seed: seed)
        var counts: [End: Int] = [:]
        let start = SystemClock.seconds()
        try FileSystem.createDirectories(folder)
        for number in 0..<mutants {
            let file = files[random.below(files.count)]
            let mutant = number < files.count ? files[number].bytes : file.mutant(&random)
            try keep(mutant, as: "jp2-last")
            let end = try compare(mutant)
            counts[end, default: 0] += 1
            if end == .differs { try keep(mutant, as: "jp2-\(seed)-\(number)") }
            precondition(number >= files.count || end == .equal, "what is not damaged does not decode")
        }
        try FileSystem.remove(folder + "/jp2-last")
        let words = End.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }.joined(separator: ", ")
        print("jp2: \(mutants) mutants in \((SystemClock.seconds() - start).fixed(1)) s: \(words)")
        return counts[.differs] == nil
    }

    /// Prints where the decoders differ on one file, for a finding.
    static func explain(_ path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        let image = try JPEG2000Image(Parser.store(bytes), key: "file")
        let window = PixelWindow(x: 0, y: 0, width: image.width, height: image.height)
        var words = ""
        let theirs = reference(bytes, window, words: &words)
        let ours = decode(image, window) ?? []
        let different = zip(ours, theirs.pixels).enumerated().filter { $1.0 != $1.1 }
        print("\(image.width) x \(image.height), OpenJPEG said '\(words)', \(different.count) pixels differ")
        for (index, pair) in different.prefix(20) {
            print("column \(index % image.width), row \(index / image.width): \(pair.0), OpenJPEG \(pair.1)")
        }
    }

    // A crash of either decoder leaves its cause behind.
    private func keep(_ bytes: [UInt8], as name: String) throws {
        let file = try LocalFile(updating: "\(folder)/\(name)")
        try file.truncate(to: 0)
        try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    }

    private func compare(_ bytes: [UInt8]) throws -> End {
        guard let image = try? JPEG2000Image(Parser.store(bytes), key: "file") else { return .refused }
        guard image.style != nil else { return .leftToOpenJPEG }
        let window = PixelWindow(x: 0, y: 0, width: image.width, height: image.height)
        guard window.pixelCount <= 1 << 22 else { return .refused }
        let ours = Self.decode(image, window)
        var words = ""
        let (theirs, end) = Self.reference(bytes, window, words: &words)
        switch (ours, end) {
        case (nil, REFERENCE_REFUSED): return .refusedByBoth
        case (_, REFERENCE_REFUSED): return .refusedByOpenJPEG
        case (nil, _): return .refused
        case (let ours?, _) where ours == theirs: return .equal
        default: return end == REFERENCE_WARNED ? .differsAfterWarning : .differs
        }
    }

    private static func decode(_ image: JPEG2000Image, _ window: PixelWindow) -> [UInt16]? {
        var pixels = [UInt16](repeating: 0, count: window.pixelCount)
        let isDone: Void? = pixels.withUnsafeMutableBufferPointer { try? image.decode(window, into: $0) }
        return isDone == nil ? nil : pixels
    }

    private static func reference(
        _ bytes: [UInt8],
        _ window: PixelWindow,
        words: inout String
    ) -> (pixels: [UInt16], end: reference_end) {
        var pixels = [Int32](repeating: 0, count: window.pixelCount)
        var text = [CChar](repeating: 0, count: 200)
        let end = reference_decode(bytes, bytes.count, &pixels, window.width, window.height, &text)
        words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return (pixels.map { UInt16(truncatingIfNeeded: $0) }, end)
    }
}
