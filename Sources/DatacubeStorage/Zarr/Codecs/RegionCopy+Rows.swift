import CBitShuffle

extension RegionCopy {
    /// Copies every run.
    func run(from source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer) {
        precondition(source.count >= sourceBytes && destination.count >= destinationBytes)
        guard let from = source.baseAddress, let into = destination.baseAddress else { return }
        forEachSeries { unsafe copy_rows(from + $0, runBytes, sourceStep, $2, into + $1, destinationStep, seriesStep) }
    }
}
