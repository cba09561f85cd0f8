/// A report's answers for programs: the same figures as on the page.
struct ReportSummary: Encodable {
    /// One run.
    struct Run: Encodable {
        let title: String
        let created, tile: String
        let year: Int
        let verdict: RunValidity.Verdict
        let reasons: [String]
        /// The lines of the answer box.
        let answer: [Line]
        let bestGroup: [String]
        let sources: [Source]
        let breakEven: [Staging]
        let comparisons: [RatioComparison]

        enum CodingKeys: String, CodingKey {
            case title, created, tile, year, verdict, reasons, answer, sources, comparisons
            case bestGroup = "best_group"
            case breakEven = "break_even"
        }
    }

    struct Line: Encodable { let label, text: String }

    struct Source: Encodable {
        let name: String
        let geometricMean: Double?
        let interval: [Double]?
        let ceilingShare: Double?
        let failures: Int

        enum CodingKeys: String, CodingKey {
            case name, interval, failures
            case geometricMean = "geometric_mean"
            case ceilingShare = "ceiling_share"
        }
    }

    /// Whether copying a format pays.
    struct Staging: Encodable {
        let format: String
        /// `pays`, `never` or `unknown`.
        let answer: String
        let patches: Double?
        let interval: [Double]?
        let reason: String?
    }

    let runs: [Run]
    /// The comparison of two runs, if there is one.
    let between: [RatioComparison]?
}

extension ReportSummary.Run {
    init(_ results: BenchmarkResults) {
        title = RunChapter(results).title
        (created, tile, year) = (results.created, results.tile, results.year)
        (verdict, reasons) = (results.validity.verdict, results.validity.reasons)
        answer = AnswerBox(results).lines.map { .init(label: $0.label, text: $0.text) }
        bestGroup = Ranking(results).bestGroup
        sources = results.ranking.map { name, source in
            .init(
                name: name,
                geometricMean: source.geometricMean,
                interval: source.interval,
                ceilingShare: source.ceiling?.share,
                failures: source.failures.count
            )
        }
        breakEven = results.breakEvens.map { ReportSummary.Staging($0) }
        comparisons = results.comparisons
    }
}

extension ReportSummary.Staging {
    fileprivate init(_ breakEven: BreakEven) {
        format = breakEven.format
        switch breakEven.answer {
        case .pays(let count, let range):
            (answer, patches, interval, reason) = ("pays", count, [range.lowerBound, range.upperBound], nil)
        case .never: (answer, patches, interval, reason) = ("never", nil, nil, nil)
        case .unknown(let words): (answer, patches, interval, reason) = ("unknown", nil, nil, words)
        }
    }
}
