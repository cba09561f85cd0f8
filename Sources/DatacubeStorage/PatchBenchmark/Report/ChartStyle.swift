/// Colour, dashes and marker of a line, so that each tells the line by itself.
struct ChartStyle: Sendable, Equatable {
    /// From 0 to 6.
    let number: Int

    /// The style of the line at some place.
    init(_ place: Int) { number = place % Self.markers.count }

    /// A format looks the same in all pictures.
    init(format: String) {
        let known = ["safe", "cog", "zarr", "shardzarr", "zipzarr", "safe_no_index"]
        number = known.firstIndex(of: format) ?? known.count
    }

    // Circle, square, triangle, diamond, cross, turned triangle, bar; about nine pixels wide.
    private static let markers = [
        "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", "M-4-4h8v8h-8z", "M0-5.5l5 9h-10z",
        "M0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
        "M-4-4l8 8M4-4l-8 8", "M0 5.5l5-9h-10z", "M0-5.5v11",
    ]

    /// Class of the line.
    var kind: String { "s\(number)" }

    /// The marker at a place.
    func marker(x: Double, y: Double) -> String {
        "<svg class=\"mark\" x=\"\(Drawing.percent(x))\" y=\"\(y.fixed(1))\"><path class=\"m\(number)\" "
            + "d=\"\(Self.markers[number])\"/></svg>\n"
    }

    /// Rules that pictures need, whatever the colours are.
    static let rules =
        """
        .chart { overflow: hidden } .chart text { font: 12px sans-serif; fill: var(--ink) } .chart .mark { overflow: visible }
        .chart .grid { stroke: var(--grid) } .chart .axis { stroke: var(--soft) } .chart .soft { fill: var(--soft) }
        .chart .rule { stroke: var(--soft); stroke-dasharray: 2 3 } .chart .strong { font-weight: bold } .chart .halo { stroke: var(--paper); stroke-width: 5px; paint-order: stroke }
        .chart .ring { fill: none; stroke: var(--ink); stroke-width: 2 }
        .chart path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke } .chart .band { stroke: none; fill-opacity: .18 }

        """ + (0..<markers.count).map(rules).joined(separator: "\n")

    private static func rules(_ number: Int) -> String {
        let dashes = ["none", "7 3", "2 3", "9 3 2 3", "4 2", "1 3", "12 4"][number]
        let colour = "var(--s\(number))"
        return ".chart .s\(number) { stroke: \(colour); stroke-width: 2; stroke-dasharray: \(dashes) } "
            + ".chart .m\(number) { stroke: \(colour); fill: \(number == 4 || number == 6 ? "none" : colour) } "
            + ".chart .b\(number) { fill: \(colour) } .chart .e\(number) { stroke: \(colour); stroke-width: 2 }"
    }

    /// Colours on white paper; text has a contrast of at least 4.5 to 1, lines of 3 to 1.
    static let light = """
        --paper: #fff; --ink: #1c2024; --soft: #565f6a; --grid: #dde1e6; --tint: #f3f5f7; --link: #0b57a4;
        --s0: #0b5fa5; --s1: #b3400a; --s2: #00705a; --s3: #8a3a8f; --s4: #775900; --s5: #b0204f; --s6: #4a4f57;
        """
    /// Colours on a dark screen.
    static let dark = """
        --paper: #14171a; --ink: #e8eaed; --soft: #a8b0ba; --grid: #343a41; --tint: #1f2429; --link: #8ec1f7;
        --s0: #7db8f5; --s1: #ff9d6b; --s2: #5fd3ac; --s3: #dba3e3; --s4: #e3c45f; --s5: #ff8fae; --s6: #c3c8cf;
        """

    /// The style of a picture that stands alone; it stays light, for papers and slides are.
    static var alone: String {
        ":root { \(light) }\n\(rules)\n.chart .paper { fill: var(--paper) } .chart .title { font: bold 14px sans-serif }"
    }
}
