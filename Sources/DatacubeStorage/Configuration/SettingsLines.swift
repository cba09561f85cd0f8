extension TextLines {
    /// The lines of a settings file; `path` names it in the error.
    ///
    /// - Throws: `configuration` naming the first line that is not UTF-8 or has control characters other than tabs,
    ///   as files in UTF-16 have in every line.
    static func text(_ bytes: [UInt8], path: String) throws(PipelineError) -> [String] {
        var lines: [String] = []
        for line in split(bytes) {
            guard let text = String(validating: line, as: UTF8.self), !line.contains(where: isControl) else {
                throw PipelineError(
                    .configuration,
                    "\(path), line \(lines.count + 1): this is no UTF-8 text; save the file as UTF-8"
                )
            }
            lines.append(text)
        }
        return lines
    }
}
