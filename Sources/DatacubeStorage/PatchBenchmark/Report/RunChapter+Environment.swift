extension RunChapter {
    /// What ran where.
    var environment: ReportTable {
        let rows = runLines + machineLines + folderLines
        return ReportTable(["what", "value"], rows: rows.map { [$0.0, $0.1] }, wordColumns: [0, 1])
    }

    private var runLines: [(String, String)] {
        let machine = results.environment
        let plan =
            "\(results.repeats) rounds after one warm-up, patches of \(results.patchSize) m, seed \(results.seed)"
        let libraries = machine.libraries?.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            ("command", machine.command?.joined(separator: " ") ?? "not recorded"),
            ("version", version), ("begun", results.created),
            (
                "ended by",
                "\(results.stop.rule), after \(results.stop.rounds) rounds, \(formatSeconds(results.stop.seconds))"
            ),
            ("plan", plan), ("dates", "\(results.products.count), all thirteen bands"),
            ("workers", "\(results.workers), with \(results.threads) threads each"),
            ("pixels", "the same from all sources, by CRC-32 of every date and band"),
            ("libraries", libraries?.joined(separator: ", ") ?? "not recorded"),
        ]
    }

    private var version: String {
        let revision = results.environment.revision.map { ", revision \($0)" } ?? ""
        return "\(results.reader) \(results.version)\(revision)"
    }

    private var machineLines: [(String, String)] {
        let machine = results.environment
        let limit = machine.memoryLimit.map { ", of which the process may use \(formatBytes($0))" } ?? ""
        let busy = machine.busyBefore.map { "\(($0 * 100).fixed(0)) % of the processors busy with other work" }
        let average = machine.loadAverage.map { "load average \($0.significant(3))" }
        return [
            ("host", machine.host), ("processor", "\(machine.processor), \(machine.processors) granted"),
            ("memory", formatBytes(machine.memory) + limit), ("system", machine.system),
            ("before the run", [busy, average].compactMap { $0 }.joined(separator: ", ")),
            ("Slurm job", machine.job ?? "none"),
        ]
        .filter { !$0.1.isEmpty }
    }

    private var folderLines: [(String, String)] {
        let machine = results.environment
        return machine.fileSystems.sorted { $0.key < $1.key }.map { folder, type in
            (folder, machine.mounts?[folder]?.description ?? type)
        }
    }
}

extension MountedFolder {
    /// Type, device and options in a line.
    var description: String {
        let kind = isRotational.map { $0 ? "turning disk" : "no turning disk" }
        let parts: [String?] = [type, device, model, kind, "mounted at \(mount)", options]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
