// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#regular-grids

/// The regular grid: chunks of one shape from the origin on; those at the far edges reach beyond the array.
public struct ChunkGrid: Sendable, Equatable {
    /// The array's length in each dimension.
    public let arrayShape: [Int]
    /// A chunk's length in each dimension.
    public let chunkShape: [Int]

    /// Creates a grid of shapes that ``ArrayMetadata/validate()`` accepted.
    init(arrayShape: [Int], chunkShape: [Int]) {
        self.arrayShape = arrayShape
        self.chunkShape = chunkShape
    }

    /// Chunks in each dimension.
    public var shape: [Int] { zip(arrayShape, chunkShape).map { $0 == 0 ? 0 : ($0 - 1) / $1 + 1 } }

    /// The array's part that a chunk covers, without what lies beyond the edge.
    public func region(of index: [Int]) -> [Range<Int>] {
        index.indices.map { axis in
            let start = index[axis] * chunkShape[axis]
            return start..<min(start + chunkShape[axis], arrayShape[axis])
        }
    }

    /// The chunks that a region touches, in C order.
    func indices(touching region: [Range<Int>]) -> [[Int]] {
        guard region.allSatisfy({ !$0.isEmpty }) else { return [] }
        return GridIndices.all(
            region.indices.map { region[$0].lowerBound / chunkShape[$0]...(region[$0].upperBound - 1) / chunkShape[$0] }
        )
    }

    /// All chunks, in C order.
    public var indices: [[Int]] { indices(touching: arrayShape.map { 0..<$0 }) }

    func contains(_ index: [Int]) -> Bool {
        index.count == chunkShape.count && zip(index, shape).allSatisfy { $0 >= 0 && $0 < $1 }
    }
}

/// Places in a grid.
enum GridIndices {
    /// Every combination of the ranges' numbers, the last varying fastest.
    static func all(_ ranges: [ClosedRange<Int>]) -> [[Int]] {
        ranges.reduce([[]]) { prefixes, range in prefixes.flatMap { prefix in range.map { prefix + [$0] } } }
    }
}

/// Products of lengths.
enum Shape {
    /// The number of elements, or nil when it does not fit.
    static func checkedCount(_ shape: [Int]) -> Int? {
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// The number of elements of a shape that was checked.
    static func count(_ shape: [Int]) -> Int { shape.reduce(1, *) }

    /// Elements between neighbours along each axis, in C order.
    static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return strides
    }
}
