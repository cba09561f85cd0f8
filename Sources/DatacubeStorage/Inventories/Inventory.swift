// https://www.gnu.org/software/coreutils/manual/html_node/md5sum-invocation.html

/// The files of a converted unit, such as one resolution of a datacube, each with its size and MD5.
///
/// Its text is what `md5sum -c` reads, run in the unit's folder; before each file a comment, which `md5sum` passes over, says
/// how many bytes it has:
///
///     # 1048576
///     b6d81b360a5672d80c27430f39153e2c  data/c/0/0/0/0
///
/// MD5 since it is also what S3 calls an object that was stored by one request, so that an object can be judged by a listing.
/// It tells accidents; it is no proof against somebody who wants to deceive.
public struct Inventory: Sendable, Equatable {
    /// One file.
    public struct Entry: Sendable, Equatable {
        /// Bytes.
        public let size: Int
        /// 32 hexadecimal digits in lower case.
        public let md5: String

        /// Describes a file.
        public init(size: Int, md5: String) {
            self.size = size
            self.md5 = md5
        }
    }

    /// What inventories are called.
    public static let fileName = "checksums.md5"
    /// A year's datacube has some ten thousand files, of which each takes a hundred bytes.
    static let mostBytes = 64 << 20

    /// The files by their paths below the unit; the inventory itself is none of them.
    public var entries: [String: Entry]

    /// Lists files.
    public init(_ entries: [String: Entry] = [:]) { self.entries = entries }

    /// Reads an inventory; `path` is what error texts call it.
    ///
    /// - Throws: ``PipelineError`` naming the first line that makes no sense, or whose path leaves the unit.
    public init(_ text: [UInt8], path: String) throws {
        entries = [:]
        var size: Int?
        let lines = TextLines.split(text)
        for (number, line) in lines.enumerated() where !line.isEmpty {
            if size == nil, line.starts(with: "# ".utf8) {
                size = ObjectSize.parse(String(decoding: line.dropFirst(2), as: UTF8.self))
                // A comment of another kind may be a size and a file whose line breaks have rotted away.
                if size != nil { continue }
            }
            guard let bytes = size, let (name, md5) = Self.parse(line), entries[name] == nil else {
                throw PipelineError(.corrupt, "\(path), line \(number + 1), is none of an inventory")
            }
            entries[name] = Entry(size: bytes, md5: md5)
            size = nil
        }
        guard size == nil, text.isEmpty || text.last == UInt8(ascii: "\n") else {
            throw PipelineError(.corrupt, "\(path), line \(lines.count), is cut short")
        }
    }

    private static func parse(_ line: ArraySlice<UInt8>) -> (name: String, md5: String)? {
        let (digest, rest) = (line.prefix(32), line.dropFirst(32))
        guard digest.count == 32, rest.starts(with: Array("  ".utf8)),
            digest.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        let name = String(decoding: rest.dropFirst(2), as: UTF8.self)
        guard (try? ObjectKey.validate(name)) != nil else { return nil }
        return (name, String(decoding: digest, as: UTF8.self))
    }

    /// The text, the same for equal inventories.
    public var text: [UInt8] {
        var text: [UInt8] = []
        for (name, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "# \(entry.size)\n\(entry.md5)  \(name)\n".utf8
        }
        return text
    }

    /// Bytes of all files.
    public var byteCount: Int { entries.values.reduce(0) { $0 + $1.size } }
}

extension Inventory.Entry {
    /// Reads a file.
    init(ofFile path: String) throws {
        guard let status = try FileSystem.status(path) else {
            throw PipelineError(.notFound, "\(path) is gone while it was looked at")
        }
        self.init(size: status.size, md5: try MessageDigest.hexadecimal(ofFile: path, .md5))
    }
}
