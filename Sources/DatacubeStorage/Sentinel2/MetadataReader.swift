/// Reads typed values out of a metadata document; each failure names the file and the element.
struct MetadataReader {
    let path: String
    let root: XMLElement

    init(_ content: [UInt8], path: String, root expected: String) throws {
        self.path = path
        self.root = try XMLParser.parse(content, name: path)
        guard root.name == expected else {
            throw PipelineError(.unsupported, "\(path) has the root element \(root.name); \(expected) is expected")
        }
    }

    func element(_ name: String, in parent: XMLElement? = nil) throws(PipelineError) -> XMLElement {
        guard let found = (parent ?? root).first(name) else { throw missing(name) }
        return found
    }

    func text(_ name: String, in parent: XMLElement? = nil) throws(PipelineError) -> String {
        let text = try element(name, in: parent).text
        guard !text.isEmpty else { throw missing(name) }
        return text
    }

    func number(_ name: String, in parent: XMLElement? = nil) throws(PipelineError) -> Double {
        try number(element(name, in: parent))
    }

    func number(_ element: XMLElement) throws(PipelineError) -> Double {
        guard let value = Double(element.text), value.isFinite else {
            throw PipelineError(.corrupt, "\(path): <\(element.name)> is not a number: '\(element.text.prefix(40))'")
        }
        return value
    }

    /// A value that only informs, which no pixel depends on: NaN where it is absent or says nothing.
    func information(_ name: String, in parent: XMLElement? = nil) -> Double {
        guard let text = (parent ?? root).first(name)?.text, let value = Double(text), value.isFinite else {
            return .nan
        }
        return value
    }

    func integer(_ name: String, in parent: XMLElement? = nil, within range: ClosedRange<Int>) throws(PipelineError)
        -> Int
    {
        let text = try text(name, in: parent)
        guard let value = Int(text), range.contains(value) else {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw PipelineError(.corrupt, "\(path): <\(name)> is not \(expected): '\(text.prefix(40))'")
        }
        return value
    }

    func time(_ name: String) throws(PipelineError) -> Timestamp {
        let text = try text(name)
        guard let time = Timestamp(iso8601: text) else {
            throw PipelineError(.corrupt, "\(path): <\(name)> is not a UTC time: '\(text.prefix(40))'")
        }
        return time
    }

    /// The band that an element belongs to, by its `bandId` or `band_id` attribute.
    func band(of element: XMLElement) throws(PipelineError) -> Band {
        let text = element.attributes["bandId"] ?? element.attributes["band_id"] ?? ""
        guard let identifier = Int(text), let band = Band(rawValue: identifier) else {
            throw PipelineError(.corrupt, "\(path): <\(element.name)> has the band identifier '\(text)'; 0 to 12 exist")
        }
        return band
    }

    private func missing(_ name: String) -> PipelineError {
        PipelineError(.corrupt, "\(path) lacks <\(name)>; the product is incomplete, fetch it again")
    }
}
