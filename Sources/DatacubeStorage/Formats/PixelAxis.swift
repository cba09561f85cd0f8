/// The pixels along one axis of a raster: where they begin, how far apart they are, and how many.
struct PixelAxis: Sendable {
    /// The same for all that mean the same pixels.
    let text: String

    /// Describes pixels that begin at an edge, in metres.
    init(from edge: Double, step: Double, count: Int) {
        text = "from \(Self.text(edge)) by \(Self.text(step)) m, \(count) pixels"
    }

    /// Describes pixels by their centres.
    ///
    /// Two in the middle say what they all should be; the first that is not so is named.
    init(centres: [Double]) {
        guard centres.count > 1 else {
            text = centres.isEmpty ? "no pixels" : "one pixel at \(Self.text(centres[0]))"
            return
        }
        let middle = centres.count / 2
        let step = centres[middle] - centres[middle - 1]
        let edge = centres[middle] - (Double(middle) + 0.5) * step
        let odd = centres.indices.first { centres[$0] != edge + (Double($0) + 0.5) * step }
        let exception = odd.map { " except pixel \($0) at \(Self.text(centres[$0]))" }
        text = PixelAxis(from: edge, step: step, count: centres.count).text + (exception ?? "")
    }

    private static func text(_ metres: Double) -> String {
        Int(exactly: metres).map { "\($0)" } ?? "\(metres)"
    }
}

extension Statement {
    /// Both axes of a pixel grid.
    static func axes(of grid: PixelGrid, at resolution: Resolution, in origin: String) -> [Statement] {
        let size = Double(grid.metres)
        return axes(
            [size, 0, grid.left, 0, -size, grid.top],
            width: grid.width,
            height: grid.height,
            at: resolution,
            in: origin
        )
    }

    /// Both axes as an affine transformation from column and row to metres says them.
    static func axes(
        _ transform: [Double],
        width: Int,
        height: Int,
        at resolution: Resolution,
        in origin: String
    ) -> [Statement] {
        guard transform.count >= 6, transform[1] == 0, transform[3] == 0 else {
            let value = transform.isEmpty ? absent : "\(transform)"
            return ["x", "y"].map { Statement($0, at: resolution, value, in: origin) }
        }
        let x = PixelAxis(from: transform[2], step: transform[0], count: width)
        let y = PixelAxis(from: transform[5], step: transform[4], count: height)
        return [
            Statement("x", at: resolution, x.text, in: origin), Statement("y", at: resolution, y.text, in: origin),
        ]
    }
}
