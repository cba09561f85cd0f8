/// `manifest.safe`: every file of a product with its size and digest.
struct SafeManifest: Sendable {
    /// One file.
    struct Entry: Sendable {
        /// Relative to the product.
        let path: String
        let size: Int
        let digest: String

        /// Measures a file below `root`.
        init(_ path: String, below root: String, by algorithm: MessageDigest.Algorithm) throws {
            let file = FileSystem.join(root, path)
            self.path = path
            self.size = try FileSystem.status(file)?.size ?? 0
            self.digest = try MessageDigest.hexadecimal(ofFile: file, algorithm)
        }

        fileprivate var identifier: String {
            path.replacing("/", with: "_").replacing(".", with: "_") + "_Data"
        }

        fileprivate var mediaType: String {
            switch path.split(separator: ".").last {
            case "xml", "xsd", "xsl": "text/xml"
            case "html": "text/html"
            default: "application/octet-stream"
            }
        }
    }

    let identity: ProductIdentity
    let entries: [Entry]

    /// Since baseline 04.00 SHA3-256, before it MD5.
    static func algorithm(of baseline: Baseline) -> MessageDigest.Algorithm {
        baseline.addsRadiometricOffset ? .sha3_256 : .md5
    }

    var xml: String {
        let spaces = "xmlns:gml=\"http://www.opengis.net/gml\" xmlns:safe=\"http://www.esa.int/safe/sentinel/1.1\""
        let version = "esa/safe/sentinel/1.1/sentinel-2/msi/archive_l1c_user_product"
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <xfdu:XFDU \(spaces) xmlns:xfdu="urn:ccsds:schema:xfdu:1" version="\(version)">
                <informationPackageMap>
                    <xfdu:contentUnit \(unitAttributes)>
            \(entries.map(unit).joined(separator: "\n"))
                    </xfdu:contentUnit>
                </informationPackageMap>
            \(metadataSection)
                <dataObjectSection>
            \(entries.map(object).joined(separator: "\n"))
                </dataObjectSection>
            </xfdu:XFDU>

            """
    }

    private var unitAttributes: String {
        "dmdID=\"acquisitionPeriod platform\" pdiID=\"processing\""
            + " textInfo=\"SENTINEL-2 MSI Level-1C User Product\" unitType=\"Product_Level-1C\""
    }

    private func unit(_ entry: Entry) -> String {
        """
                    <xfdu:contentUnit ID="\(entry.identifier)_Unit" unitType="Data Unit">
                        <dataObjectPointer dataObjectID="\(entry.identifier)"/>
                    </xfdu:contentUnit>
        """
    }

    private var metadataSection: String {
        let start = identity.acquisition.datatakeStart.iso(decimals: 3)
        return """
                <metadataSection>
                    <metadataObject ID="acquisitionPeriod" category="DMD" classification="DESCRIPTION">
                        <metadataWrap mimeType="text/xml">
                            <xmlData>
                                <safe:acquisitionPeriod>
                                    <safe:startTime>\(start)</safe:startTime>
                                    <safe:stopTime>\(start)</safe:stopTime>
                                </safe:acquisitionPeriod>
                            </xmlData>
                        </metadataWrap>
                    </metadataObject>
                    <metadataObject ID="platform" category="DMD" classification="DESCRIPTION">
                        <metadataWrap mimeType="text/xml">
                            <xmlData>
                                <safe:platform>
                                    <safe:familyName>SENTINEL</safe:familyName>
                                    <safe:number>\(identity.acquisition.spacecraft.shortName.dropFirst())</safe:number>
                                </safe:platform>
                            </xmlData>
                        </metadataWrap>
                    </metadataObject>
                </metadataSection>
            """
    }

    private func object(_ entry: Entry) -> String {
        let name = Self.algorithm(of: identity.acquisition.baseline).rawValue
        return """
                    <dataObject ID="\(entry.identifier)">
                        <byteStream mimeType="\(entry.mediaType)" size="\(entry.size)">
                            <fileLocation href="./\(entry.path)" locatorType="URL"/>
                            <checksum checksumName="\(name)">\(entry.digest)</checksum>
                        </byteStream>
                    </dataObject>
            """
    }
}
