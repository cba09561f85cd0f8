// The judge is botocore, which reads these files by Python's configparser:
// https://docs.python.org/3/library/configparser.html

/// A file in the format of `~/.aws/config` and `~/.aws/credentials`, read as the AWS tools read it: sections of
/// `name = value` or `name: value` lines; a line that is indented deeper than a name belongs to its value; comments
/// stand on lines of their own.
struct AWSConfigurationFile {
    /// What a section holds for a name.
    enum Value: Equatable {
        /// The text; one that goes over several lines has line ends in it.
        case text(String)
        /// `name = value` lines below an empty value.
        case nested([String: String])
    }

    /// Values by name.
    typealias Section = [String: Value]

    // In their order, with the names that stand between the brackets.
    private var sections: [(name: String, values: Section)] = []
    // What `[DEFAULT]` gives to every section.
    private var defaults: Section = [:]

    /// No file.
    init() {}

    /// Reads the bytes of a file: UTF-8, whatever its line ends, with a byte order mark or without.
    ///
    /// - Throws: `configuration` naming the file and the line; never the line itself, which may be a secret.
    init(_ bytes: [UInt8], path: String) throws(PipelineError) {
        var reader = Reader(path: path)
        for line in try TextLines.text(bytes, path: path) { try reader.read(line) }
        (defaults, sections) = try reader.finish()
    }

    /// The file's content, or nothing where there is no such file.
    init(path: String) throws(PipelineError) {
        guard try FileSystem.exists(path) else {
            self.init()
            return
        }
        try self.init(try FileSystem.contents(of: path, limit: 1 << 20), path: path)
    }
}

extension AWSConfigurationFile {
    /// The section of that name, as the credentials file names profiles.
    ///
    /// Names are compared by their bytes.
    func section(_ name: String) -> Section? {
        last { $0.utf8.elementsEqual(name.utf8) }
    }

    /// The section `[KIND NAME]`, as the config file names profiles and services.
    ///
    /// The name may be in quotes. The last of several stands for all.
    func section(_ kind: String, name: String) -> Section? {
        last { Self.isSection($0, kind: kind, name: name) }
    }

    /// The profile of that name in the config file.
    func profile(_ name: String) -> Section? {
        last { $0 == "default" && name == "default" || Self.isSection($0, kind: "profile", name: name) }
    }

    private static func isSection(_ section: String, kind: String, name: String) -> Bool {
        guard section.hasPrefix(kind), let words = ShellWords.split(section), words.count == 2 else { return false }
        return words[1].utf8.elementsEqual(name.utf8)
    }

    private func last(where isWanted: (String) -> Bool) -> Section? {
        sections.last { isWanted($0.name) }.map { defaults.merging($0.values) { $1 } }
    }
}

extension AWSConfigurationFile {
    /// Takes lines one by one.
    private struct Reader {
        private struct Option {
            var lines: [String]
            let number: Int
        }

        private static let defaults = "DEFAULT"
        private let path: String
        private var number = 0
        private var indentation = 0
        // `[DEFAULT]` is the first, whether it is in the file or not.
        private var sections: [(name: String, options: [String: Option])] = [(defaults, [:])]
        private var indices = [Array(defaults.utf8): 0]
        private var section: Int?
        private var option: String?

        init(path: String) { self.path = path }

        mutating func read(_ line: String) throws(PipelineError) {
            number += 1
            let content = trimmed(line)
            guard let first = content.unicodeScalars.first else { return addToValue("") }
            guard first != "#", first != ";" else { return }
            let indentation = line.unicodeScalars.prefix(while: isBlank).count
            if option != nil, indentation > self.indentation { return addToValue(content) }
            self.indentation = indentation
            if first == "[", let end = content.utf8.lastIndex(of: UInt8(ascii: "]")),
                content.utf8.distance(from: content.startIndex, to: end) > 1
            {
                try begin(section: String(content[content.utf8.index(after: content.startIndex)..<end]))
            } else {
                try begin(option: content)
            }
        }

        private mutating func addToValue(_ line: String) {
            guard let section, let option else { return }
            sections[section].options[option]?.lines.append(line)
        }

        private mutating func begin(section name: String) throws(PipelineError) {
            option = nil
            let key = Array(name.utf8)
            if let known = indices[key] {
                guard known == 0 else { throw fault("another section of this name stands above it; make them one") }
                section = known
                return
            }
            indices[key] = sections.count
            section = sections.count
            sections.append((name, [:]))
        }

        private mutating func begin(option content: String) throws(PipelineError) {
            guard let section, let end = content.utf8.firstIndex(where: { $0 == 0x3D || $0 == 0x3A }) else {
                throw fault("[section] or name = value is expected")
            }
            let name = trimmed(content[..<end]).lowercased()
            guard !name.isEmpty else { throw fault("a name is expected before the =") }
            guard sections[section].options[name] == nil else {
                throw fault("the section has a value of this name above; remove one of them")
            }
            let value = trimmed(content[content.utf8.index(after: end)...])
            sections[section].options[name] = Option(lines: [value], number: number)
            option = name
        }

        /// What `[DEFAULT]` holds, and all other sections.
        func finish() throws(PipelineError) -> (defaults: Section, sections: [(name: String, values: Section)]) {
            var result: [(name: String, values: Section)] = []
            for section in sections.dropFirst() { result.append((section.name, try values(section.options))) }
            return (try values(sections[0].options), result)
        }

        private func values(_ options: [String: Option]) throws(PipelineError) -> Section {
            var values: Section = [:]
            for (name, option) in options { values[name] = try value(option) }
            return values
        }

        private func value(_ option: Option) throws(PipelineError) -> Value {
            var lines = option.lines
            while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
            guard lines.count > 1, lines[0].isEmpty else { return .text(lines.joined(separator: "\n")) }
            var nested: [String: String] = [:]
            for line in lines where !line.isEmpty {
                guard let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                    throw fault("what is indented below is not name = value", number: option.number)
                }
                nested[trimmed(line[..<equals])] = trimmed(line[line.utf8.index(after: equals)...])
            }
            return .nested(nested)
        }

        private func fault(_ reason: String, number: Int? = nil) -> PipelineError {
            PipelineError(.configuration, "\(path), line \(number ?? self.number): \(reason)")
        }
    }

    // What Python's `strip` takes away.
    private static func isBlank(_ character: Unicode.Scalar) -> Bool {
        character.properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(character)
    }

    private static func trimmed(_ text: some StringProtocol) -> String { text.trimmed(isBlank) }
}
