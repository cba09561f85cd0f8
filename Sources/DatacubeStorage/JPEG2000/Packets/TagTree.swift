/// A tag tree: numbers of a grid of code-blocks, coded by the least of ever more of them, T.800, B.10.2.
struct TagTree {
    private struct Node {
        var least: Int32 = 0
        var isKnown = false
    }

    private var nodes: [Node]
    // Of each level, the leaves first: where its nodes begin and how many are in a row.
    private var levels: [(start: Int, columns: Int)] = []

    init(columns: Int, rows: Int) {
        var (width, height, count) = (columns, rows, 0)
        while width * height > 0 {
            levels.append((count, width))
            count += width * height
            if width * height == 1 { break }
            (width, height) = ((width + 1) / 2, (height + 1) / 2)
        }
        nodes = Array(repeating: Node(), count: count)
    }

    /// Reads as much as tells whether a leaf's number is below a limit.
    ///
    /// - Returns: The number if it is, or nil.
    mutating func value(
        _ column: Int,
        row: Int,
        below limit: Int32,
        bits: inout PacketBits
    ) throws(PipelineError) -> Int32? {
        var least: Int32 = 0
        var isKnown = false
        for level in levels.indices.reversed() {
            let index = levels[level].start + (row >> level) * levels[level].columns + column >> level
            var node = nodes[index]
            node.least = max(node.least, least)
            while !node.isKnown && node.least < limit {
                if try bits.next() == 1 { node.isKnown = true } else { node.least += 1 }
            }
            nodes[index] = node
            (least, isKnown) = (node.least, node.isKnown)
            if !isKnown { return nil }
        }
        return isKnown && least < limit ? least : nil
    }
}
