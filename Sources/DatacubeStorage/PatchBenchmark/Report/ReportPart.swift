/// A titled part of a chapter.
struct ReportSection: Sendable {
    let title: String
    let parts: [ReportPart]

    /// Creates a section; parts that say nothing are left out.
    init(_ title: String, _ parts: [ReportPart]) {
        self.title = title
        self.parts = parts.filter { !$0.isEmpty }
    }
}

/// What a section holds, free of any notation.
enum ReportPart: Sendable {
    case answer(AnswerBox)
    case text(String)
    case lines([String])
    case heatMap(HeatMap)
    case table(ReportTable)
    case charts([Drawing])

    var isEmpty: Bool {
        switch self {
        case .answer: false
        case .text(let text): text.isEmpty
        case .lines(let lines): lines.isEmpty
        case .heatMap(let map): map.rows.isEmpty
        case .table(let table): table.rows.isEmpty
        case .charts(let drawings): drawings.isEmpty
        }
    }
}

/// A chapter of a report: what it is about, and its sections.
struct ReportChapter: Sendable {
    let title: String
    let sections: [ReportSection]

    /// Creates a chapter; sections without a part are left out.
    init(title: String, sections: [ReportSection]) {
        self.title = title
        self.sections = sections.filter { !$0.parts.isEmpty }
    }

    var drawings: [Drawing] {
        sections.flatMap(\.parts).flatMap { part -> [Drawing] in
            if case .charts(let drawings) = part { drawings } else { [] }
        }
    }
}
