/// A picture that fills the width it is given while its text keeps its size.
///
/// Places from left to right are shares of the width and places from top to bottom are pixels, so that a phone and a wide
/// screen show the same letters. Colours come from the page's style, or from its own where it stands alone.
struct Drawing: Sendable {
    /// Short name for the picture's file, such as `latency-network`.
    let name: String
    /// What it shows.
    let title: String
    /// Pixels.
    let height: Double
    /// Elements of SVG.
    let marks: String

    // Pixels of a picture that stands alone.
    private static let (width, titleHeight) = (720.0, 34.0)

    /// The picture as a figure of a page.
    var figure: String {
        "<figure>\n<figcaption>\(markupText(title))</figcaption>\n<svg class=\"chart\" width=\"100%\" "
            + "height=\"\(height.fixed(0))\" role=\"img\" aria-label=\"\(markupText(title))\">\n\(marks)</svg>\n</figure>\n"
    }

    /// The picture as a file that needs nothing else.
    var file: String {
        let size = "width=\"\(Self.width.fixed(0))\" height=\"\((height + Self.titleHeight).fixed(0))\""
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" \(size)>\n"
            + "<title>\(markupText(title))</title>\n<style>\n\(ChartStyle.alone)\n</style>\n"
            + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
            + "<text class=\"title\" x=\"8\" y=\"22\">\(markupText(title))</text>\n"
            + "<svg x=\"8\" y=\"\(Self.titleHeight.fixed(0))\" width=\"\((Self.width - 16).fixed(0))\" height=\"\(height.fixed(0))\">\n\(marks)</svg>\n</svg>\n"
    }

    /// Where a share of the width lies.
    static func percent(_ share: Double) -> String { (share * 100).fixed(2) + "%" }

    /// A text; `anchor` is `start`, `middle` or `end`.
    static func text(_ text: String, x: Double, y: Double, anchor: String = "start", kind: String = "") -> String {
        let kind = kind.isEmpty ? "" : " class=\"\(kind)\""
        return
            "<text\(kind) x=\"\(percent(x))\" y=\"\(y.fixed(1))\" text-anchor=\"\(anchor)\">\(markupText(text))</text>\n"
    }

    static func line(x: ClosedRange<Double>, y: ClosedRange<Double>, kind: String) -> String {
        "<line class=\"\(kind)\" x1=\"\(percent(x.lowerBound))\" x2=\"\(percent(x.upperBound))\" "
            + "y1=\"\(y.lowerBound.fixed(1))\" y2=\"\(y.upperBound.fixed(1))\"/>\n"
    }

    /// A text that is cut where a picture has no room for it.
    static func shortened(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
