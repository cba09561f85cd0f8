// XML 1.0 (https://www.w3.org/TR/xml/) by the system's Expat.
import CExpat

/// Parses a document into a tree of elements.
///
/// Documents with a document type declaration are refused, so entities can neither expand nor reach for other
/// files; no metadata of Sentinel-2, STAC or S3 has one.
public enum XMLParser {
    // The deepest real document (MTD_DS.xml) nests 12 elements.
    static let depthLimit = 100

    /// Expat's version.
    static let version = unsafe String(cString: XML_ExpatVersion()).replacing("expat_", with: "")

    /// Parses a file.
    ///
    /// - Throws: ``PipelineError`` that names the path, the line and what Expat found wrong there.
    public static func parse(file path: String) throws -> XMLElement {
        try parse(FileSystem.contents(of: path), name: path)
    }

    /// Parses bytes; `name` is what error texts call them.
    public static func parse(_ bytes: [UInt8], name: String) throws -> XMLElement {
        guard let parser = unsafe XML_ParserCreate(nil) else {
            throw PipelineError(.system, "no memory to parse \(name)")
        }
        defer { unsafe XML_ParserFree(parser) }
        let tree = TreeBuilder()
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(tree).toOpaque())
        unsafe tree.parser = parser
        unsafe XML_SetElementHandler(parser, startElement, endElement)
        unsafe XML_SetCharacterDataHandler(parser, characterData)
        unsafe XML_SetStartDoctypeDeclHandler(parser, startDoctype)
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe XML_Parse(
                parser,
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: buffer.count),
                1
            )
        }
        if let refusal = tree.refusal { throw PipelineError(.unsupported, "\(name) \(refusal)") }
        guard status == XML_STATUS_OK, let root = tree.root else {
            let line = unsafe XML_GetCurrentLineNumber(parser)
            let cause = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) }
            throw PipelineError(.corrupt, "\(name) is not well-formed XML at line \(line)", cause: cause)
        }
        return root
    }
}

/// Collects Expat's events into a tree.
@safe private final class TreeBuilder {
    var parser: XML_Parser?
    var root: XMLElement?
    var refusal: String?
    private var open: [XMLElement] = []
    private var text: [[UInt8]] = []

    func start(_ element: XMLElement) {
        guard open.count < XMLParser.depthLimit else {
            return refuse("nests elements more than \(XMLParser.depthLimit) deep and is refused")
        }
        open.append(element)
        text.append([])
    }

    func append(_ bytes: some Sequence<UInt8>) {
        guard !text.isEmpty else { return }
        text[text.count - 1].append(contentsOf: bytes)
    }

    func end() {
        guard var element = open.popLast(), let bytes = text.popLast() else { return }
        element.characters = String(decoding: bytes, as: UTF8.self)
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    func refuse(_ reason: String) {
        if refusal == nil { refusal = reason }
        unsafe XML_StopParser(parser, XML_Bool(XML_FALSE))
    }
}

private func builder(_ context: UnsafeMutableRawPointer?) -> TreeBuilder? {
    unsafe context.map { unsafe Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
}

private func startElement(
    _ context: UnsafeMutableRawPointer?,
    _ name: UnsafePointer<CChar>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) {
    guard let builder = unsafe builder(context), let name = unsafe name else { return }
    var values: [String: String] = [:]
    var index = 0
    while let key = unsafe attributes?[index], let value = unsafe attributes?[index + 1] {
        unsafe values[String(cString: unsafe key)] = unsafe String(cString: unsafe value)
        index += 2
    }
    let qualified = unsafe String(cString: unsafe name)
    let local = qualified.lastIndex(of: ":").map { String(qualified[qualified.index(after: $0)...]) } ?? qualified
    builder.start(XMLElement(name: local, attributes: values))
}

private func endElement(_ context: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?) {
    unsafe builder(context)?.end()
}

private func characterData(_ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?, _ count: Int32) {
    guard let text = unsafe text else { return }
    let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
    unsafe builder(context)?.append(bytes)
}

private func startDoctype(
    _ context: UnsafeMutableRawPointer?,
    _ name: UnsafePointer<CChar>?,
    _ system: UnsafePointer<CChar>?,
    _ publicIdentifier: UnsafePointer<CChar>?,
    _ hasInternalSubset: Int32
) {
    unsafe builder(context)?.refuse("has a document type declaration; such files are refused, entities may hide in it")
}
