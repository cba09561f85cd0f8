extension RunChapter {
    /// Warnings, samples that do not count, failures and the control, one line each.
    var doubts: [String] {
        results.validity.warnings + excluded + failures + [control].compactMap { $0 }
    }

    /// Rounds that do not count, by source and reason.
    private var excluded: [String] {
        results.ranking.flatMap { name, source in
            let reasons = source.samples.compactMap(\.excluded)
            let counts = Dictionary(grouping: reasons) { $0 }.mapValues(\.count)
            return counts.sorted { $0.key < $1.key }.map {
                "\(name): \($0.value) of \(source.samples.count) rounds left out, \($0.key)"
            }
        }
    }

    private var failures: [String] {
        results.ranking.flatMap { name, source in
            // Ten thousand lines of the same disk's failure tell no more than these.
            let more = source.failures.count - Self.mostFailures
            return source.failures.prefix(Self.mostFailures).map { "\(name) failed: \($0)" }
                + (more > 0 ? ["\(name): \(more) failures more"] : [])
        }
    }

    private static let mostFailures = 5

    private var control: String? {
        guard let control = results.control else { return nil }
        let verdict =
            switch control.different {
            case nil: "too few rounds to tell more"
            case false?: "not distinguishable, as it should be"
            case true?: "called different although it is the same"
            }
        return "control, \(control.a) against itself: ratio \(control.ratio.significant(3)) "
            + "(\(control.interval.rangeText)), \(verdict)"
    }
}
