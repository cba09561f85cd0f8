/// An element of a parsed document: metadata files are small, so the whole tree is kept.
public struct XMLElement: Sendable, Equatable {
    /// The name without its namespace prefix; schema versions change the prefix's URI, never the local name.
    public let name: String
    /// Attribute values by name, prefix included.
    public let attributes: [String: String]
    /// Direct child elements in document order.
    public internal(set) var children: [XMLElement] = []
    /// The character data directly inside this element, every blank of it.
    public internal(set) var characters: String = ""

    /// The character data directly inside this element, without surrounding blanks.
    public var text: String { characters.trimmed() }

    /// The first direct child of that name.
    public func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All direct children of that name.
    public func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The first element below this one reached by the path of names, searching every branch.
    public func descendant(_ path: String...) -> XMLElement? { descendant(path[...]) }

    private func descendant(_ path: ArraySlice<String>) -> XMLElement? {
        guard let name = path.first else { return self }
        for child in children(name) {
            if let found = child.descendant(path.dropFirst()) { return found }
        }
        return nil
    }

    /// The first element of that name at any depth, this one included, in document order.
    public func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }

    /// All elements of that name at any depth, in document order.
    public func all(_ name: String) -> [XMLElement] {
        (self.name == name ? [self] : []) + children.flatMap { $0.all(name) }
    }
}
