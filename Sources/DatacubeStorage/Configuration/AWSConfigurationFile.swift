// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

/// A file in the format of `~/.aws/config` and `~/.aws/credentials`: sections of `name = value` lines, where an
/// indented line belongs to the value above it.
struct AWSConfigurationFile {
    /// Values by section and name; `[profile x]` is the section `profile x`, an indented `endpoint_url` below `s3 =`
    /// has the name `s3.endpoint_url`.
    private(set) var sections: [String: [String: String]] = [:]

    init() {}

    /// Reads the text of a file.
    ///
    /// - Throws: `configuration` naming the file and the line; never the line itself, which may be a secret.
    init(text: String, path: String) throws(PipelineError) {
        var section: String?
        var parent: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let isIndented = line.first == " " || line.first == "\t"
            let content = AWSConfigurationFile.trim(line)
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[", let end = content.firstIndex(of: "]") {
                let words = content[content.index(after: content.startIndex)..<end].split(
                    whereSeparator: \.isWhitespace
                )
                section = words.joined(separator: " ")
                sections[section ?? "", default: [:]].merge([:]) { $1 }
                parent = nil
                continue
            }
            guard let section, let equals = content.firstIndex(of: "="), !isIndented || parent != nil else {
                throw PipelineError(.configuration, "\(path), line \(index + 1): [section] or name = value is expected")
            }
            let name = AWSConfigurationFile.trim(content[..<equals]).lowercased()
            let value = AWSConfigurationFile.value(content[content.index(after: equals)...])
            sections[section, default: [:]][isIndented ? "\(parent ?? "").\(name)" : name] = value
            if !isIndented { parent = name }
        }
    }

    /// The file's content, or nothing where there is no such file.
    init(path: String) throws(PipelineError) {
        guard try FileSystem.exists(path) else {
            self.init()
            return
        }
        let bytes = try FileSystem.contents(of: path, limit: 1 << 20)
        try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    // A comment behind a value begins with a blank.
    private static func value(_ text: Substring) -> String {
        let end = text.indices.first { index in
            (text[index] == "#" || text[index] == ";") && index > text.startIndex
                && text[text.index(before: index)].isWhitespace
        }
        return String(trim(text[..<(end ?? text.endIndex)]))
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
