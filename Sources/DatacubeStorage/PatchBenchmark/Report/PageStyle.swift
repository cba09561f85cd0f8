/// How the page of a report looks: on a phone, a wide screen, in the dark and on paper.
enum PageStyle {
    static let sheet = """
        :root { color-scheme: light dark; \(ChartStyle.light) \(heat(light)) --good: #0a6640; --bad: #a3260f }
        @media (prefers-color-scheme: dark) { :root { \(ChartStyle.dark) \(heat(dark)) --good: #6fdba6; --bad: #ff9d87 } }
        * { box-sizing: border-box }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; color: var(--ink);
            background: var(--paper); overflow-wrap: anywhere }
        h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-top: 1px solid var(--grid);
            padding-top: 1rem } h3 { font-size: 1.05rem; margin: 2rem 0 .5rem }
        a { color: var(--link) } p, li { max-width: 46rem } .note, figcaption { color: var(--soft); font-size: .875rem }
        .answer { border: 2px solid var(--good); border-radius: .5rem; padding: .25rem 1rem; background: var(--tint) }
        .answer.doubtful { border-color: var(--bad); border-style: dashed } .answer dl { display: grid; gap: .25rem 1rem;
            grid-template-columns: max-content 1fr; margin: .75rem 0 } .answer dt { color: var(--soft) } .answer dd { margin: 0 }
        .verdict { font-weight: bold; color: var(--good) } .doubtful .verdict { color: var(--bad) }
        .scroll { overflow-x: auto; margin: .75rem 0 } .tall { max-height: 32rem; overflow-y: auto } .tall th { position: sticky; top: 0 } table { border-collapse: collapse; font-size: .875rem }
        th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top;
            overflow-wrap: break-word; max-width: 34rem } th { background: var(--tint) }
        td:not(.number) { min-width: 6.5rem } td:first-child, th:first-child { max-width: 15rem; min-width: 7rem }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums } th.number { white-space: normal }
        .heat { width: 100%; min-width: 21rem; table-layout: fixed } .heat td, .heat th { min-width: 0; padding: .3rem .4rem } .heat td { border: 2px solid var(--paper) } .none { color: var(--soft) }
        \((0..<5).map { ".heat\($0) { background: var(--h\($0)) }" }.joined(separator: " "))
        .charts { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)) }
        figure { margin: .5rem 0; min-width: 0; break-inside: avoid } .chart { display: block }
        \(ChartStyle.rules)
        @media (max-width: 30rem) { .answer dl { grid-template-columns: 1fr; gap: 0 } .answer dd { margin-bottom: .5rem }
            .heat { font-size: .8125rem } }
        @media print {
            :root { color-scheme: light; \(ChartStyle.light) \(heat(light)) --good: #0a6640; --bad: #a3260f }
            @page { size: A4; margin: 12mm } body { max-width: none; padding: 0; font-size: 10pt }
            .charts { grid-template-columns: 1fr 1fr } figure:only-child { grid-column: 1 / -1 }
            .scroll { overflow: visible; max-height: none } table { font-size: 7.5pt; width: 100% } th, td, td:first-child, th:first-child, td:not(.number) { padding: .15rem .25rem; min-width: 0 }
            td:first-child, .heat th, td:not(.number) { overflow-wrap: anywhere; min-width: 4.5rem } .tall th { position: static }
            .number { white-space: normal } h2, h3 { break-after: avoid } tr, .answer { break-inside: avoid }
            .answer, td { print-color-adjust: exact; -webkit-print-color-adjust: exact }
        }
        """

    // From the fastest to the slowest, from plain to strong; the letters on them keep a contrast of 4.5 to 1.
    private static let light = ["#d7efe3", "#e9f2d0", "#fbf0c4", "#fbdcc0", "#f6c9c4"]
    private static let dark = ["#0f4a33", "#3a4a14", "#544510", "#5a3413", "#5c2320"]

    private static func heat(_ colours: [String]) -> String {
        colours.enumerated().map { "--h\($0): \($1);" }.joined(separator: " ")
    }
}
