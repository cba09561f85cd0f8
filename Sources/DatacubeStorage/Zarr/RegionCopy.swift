import Glibc

/// A box of elements that two C-order buffers share: where its contiguous runs lie in each.
///
/// Offsets and lengths are in bytes. Runs come in ascending order in both buffers.
struct RegionCopy: Sendable {
    /// Bytes of one element.
    let elementBytes: Int
    /// Bytes of one run.
    private(set) var runBytes: Int
    private var counts: [Int] = []
    private var sourceStrides: [Int] = []
    private var destinationStrides: [Int] = []
    private var sourceStart = 0
    private var destinationStart = 0
    /// Bytes of the whole source buffer.
    let sourceBytes: Int
    /// Bytes of the whole destination buffer.
    let destinationBytes: Int

    /// Plans the copy of `count` elements a side from `sourceStart` to `destinationStart`, which lie inside.
    init(
        sourceShape: [Int],
        sourceStart: [Int],
        destinationShape: [Int],
        destinationStart: [Int],
        count: [Int],
        elementBytes: Int
    ) {
        self.elementBytes = elementBytes
        runBytes = elementBytes
        sourceBytes = Shape.count(sourceShape) * elementBytes
        destinationBytes = Shape.count(destinationShape) * elementBytes
        var isContiguous = true
        var (sourceStride, destinationStride) = (elementBytes, elementBytes)
        for axis in count.indices.reversed() {
            self.sourceStart += sourceStart[axis] * sourceStride
            self.destinationStart += destinationStart[axis] * destinationStride
            if isContiguous {
                runBytes *= count[axis]
            } else if count[axis] != 1 {
                counts.append(count[axis])
                sourceStrides.append(sourceStride)
                destinationStrides.append(destinationStride)
            }
            isContiguous = isContiguous && count[axis] == sourceShape[axis] && count[axis] == destinationShape[axis]
            sourceStride *= sourceShape[axis]
            destinationStride *= destinationShape[axis]
        }
        if counts.contains(0) { runBytes = 0 }
    }

    /// Bytes copied.
    var byteCount: Int { counts.reduce(runBytes, *) }

    /// Bytes of the source from the first to the last that is copied, without holes of more than `gap` bytes between them.
    func spannedBytes(gap: Int) -> Int {
        var (length, pieces) = (runBytes, 1)
        for (count, stride) in zip(counts, sourceStrides) {
            if pieces == 1, stride - length <= gap { length += (count - 1) * stride } else { pieces *= count }
        }
        return length * pieces
    }

    /// The destination's part, when source and part are the same bytes in the same order.
    var wholeSource: Range<Int>? {
        counts.isEmpty && runBytes == sourceBytes ? destinationStart..<destinationStart + runBytes : nil
    }

    /// Bytes from one run of a series to the next.
    var sourceStep: Int { sourceStrides.first ?? 0 }
    var destinationStep: Int { destinationStrides.first ?? 0 }
    /// Bytes in the destination from one series to the next as a rule.
    var seriesStep: Int { destinationStrides.count > 1 ? destinationStrides[1] : 0 }

    /// Calls `body` with each series of runs that lie equally far apart: offsets of the first run, and how many there are.
    @inline(__always)
    func forEachSeries(_ body: (_ source: Int, _ destination: Int, _ count: Int) throws -> Void) rethrows {
        guard runBytes > 0 else { return }
        // Slowest axis last, as planned; `counter` is an odometer over all but the fastest.
        var counter = [Int](repeating: 0, count: counts.count)
        var (source, destination) = (sourceStart, destinationStart)
        while true {
            try body(source, destination, counts.first ?? 1)
            var axis = 1
            while axis < counts.count {
                counter[axis] += 1
                source += sourceStrides[axis]
                destination += destinationStrides[axis]
                if counter[axis] < counts[axis] { break }
                source -= counts[axis] * sourceStrides[axis]
                destination -= counts[axis] * destinationStrides[axis]
                counter[axis] = 0
                axis += 1
            }
            if axis >= counts.count { return }
        }
    }

    /// Calls `body` with each run's offsets in source and destination.
    @inline(__always)
    func forEachRun(_ body: (_ source: Int, _ destination: Int) throws -> Void) rethrows {
        try forEachSeries { source, destination, count in
            for run in 0..<count { try body(source + run * sourceStep, destination + run * destinationStep) }
        }
    }

    /// Puts the pattern of one element into every run of the destination.
    func fill(_ destination: UnsafeMutableRawBufferPointer, with element: [UInt8]) {
        precondition(destination.count >= destinationBytes)
        let runBytes = runBytes
        unsafe element.withUnsafeBytes { pattern in
            forEachRun { _, offset in
                let run = unsafe UnsafeMutableRawBufferPointer(rebasing: destination[offset..<offset + runBytes])
                unsafe FillPattern.repeat(pattern, over: run)
            }
        }
    }
}

/// Repeated elements.
enum FillPattern {
    /// Fills `bytes`, a multiple of the pattern long, with it.
    static func `repeat`(_ pattern: UnsafeRawBufferPointer, over bytes: UnsafeMutableRawBufferPointer) {
        guard let start = bytes.baseAddress, let element = pattern.baseAddress, bytes.count >= pattern.count else {
            return
        }
        if unsafe pattern.allSatisfy({ unsafe $0 == pattern[0] }) {
            unsafe memset(start, Int32(pattern[0]), bytes.count)
            return
        }
        unsafe memcpy(start, element, pattern.count)
        var done = pattern.count
        while done < bytes.count {
            let count = min(done, bytes.count - done)
            unsafe memcpy(start + done, start, count)
            done += count
        }
    }

    /// Whether `bytes` is nothing but the pattern.
    static func fills(_ pattern: [UInt8], bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress, bytes.count > pattern.count else {
            return unsafe bytes.elementsEqual(pattern)
        }
        let first = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<pattern.count])
        return unsafe first.elementsEqual(pattern)
            && memcmp(start, start + pattern.count, bytes.count - pattern.count) == 0
    }
}
