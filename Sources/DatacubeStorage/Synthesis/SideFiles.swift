/// The small files around images and metadata: reports, presentation, schema, auxiliary data.
struct SideFiles: Sendable {
    let identity: ProductIdentity

    /// Their paths in the product and their contents.
    var all: [(path: String, text: String)] {
        let auxiliary = identity.granuleFolder + "/AUX_DATA"
        return reports + [
            ("INSPIRE.xml", inspire),
            ("HTML/UserProduct_index.html", presentation),
            ("HTML/UserProduct_index.xsl", stylesheet),
            ("rep_info/S2_User_Product_Level-1C_Metadata.xsd", schema),
            (auxiliary + "/AUX_ECMWFT", auxiliaryNote),
            (auxiliary + "/AUX_CAMSFO", auxiliaryNote),
        ]
    }

    private var reports: [(path: String, text: String)] {
        QualityReport.Check.allCases.flatMap { check in
            let tile = QualityReport(check: check, item: identity.granule, acquisition: identity.acquisition)
            let strip = QualityReport(check: check, item: identity.datastrip, acquisition: identity.acquisition)
            let datastrip = ("\(identity.datastripFolder)/QI_DATA/\(check.rawValue).xml", strip.xml)
            guard check != .radiometric else { return [datastrip] }
            return [datastrip, ("\(identity.granuleFolder)/QI_DATA/\(check.rawValue).xml", tile.xml)]
        }
    }

    private var auxiliaryNote: String { "Synthetic product: no auxiliary fields were used for \(identity.granule)\n" }

    private var inspire: String {
        let spaces = "xmlns:gco=\"http://www.isotc211.org/2005/gco\" xmlns:gmd=\"http://www.isotc211.org/2005/gmd\""
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <gmd:MD_Metadata \(spaces)>
                <gmd:fileIdentifier>
                    <gco:CharacterString>\(identity.product)</gco:CharacterString>
                </gmd:fileIdentifier>
                <gmd:dateStamp>
                    <gco:Date>\(identity.acquisition.generationTime.iso(decimals: 0).prefix(10))</gco:Date>
                </gmd:dateStamp>
                <gmd:metadataStandardName>
                    <gco:CharacterString>ISO19115</gco:CharacterString>
                </gmd:metadataStandardName>
            </gmd:MD_Metadata>

            """
    }

    private var presentation: String {
        """
        <html>
        <head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>
        <body>
        <h1>User product metadata</h1>
        <p>\(identity.product), synthetic</p>
        </body>
        </html>

        """
    }

    private var stylesheet: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>

        """
    }

    private var schema: String {
        let namespace = "https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-1C.xsd"
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="\(namespace)" version="14">
                <xs:element name="Level-1C_User_Product"/>
            </xs:schema>

            """
    }
}

/// A report of the on-line quality control: everything passed.
struct QualityReport: Sendable {
    /// The checks, named like their files.
    enum Check: String, Sendable, CaseIterable {
        case format = "FORMAT_CORRECTNESS"
        case general = "GENERAL_QUALITY"
        case geometric = "GEOMETRIC_QUALITY"
        case radiometric = "RADIOMETRIC_QUALITY"
        case sensor = "SENSOR_QUALITY"

        /// Its line in the product's metadata.
        var inspection: String { indented(16, text: "<quality_check checkType=\"\(rawValue)\">PASSED</quality_check>") }
    }

    let check: Check
    let item: String
    let acquisition: Acquisition

    var xml: String {
        """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Earth_Explorer_File xmlns="http://gs2.esa.int/DATA_STRUCTURE/olqcReport">
            <Earth_Explorer_Header>
                <Fixed_Header>
                    <File_Name>\(item)_\(check.rawValue)_report.xml</File_Name>
                    <File_Description>Report produced by OLQC-SC</File_Description>
                    <Mission>\(acquisition.spacecraft.shortName)</Mission>
                    <File_Class>OPER</File_Class>
                    <File_Type>REP_OLQCPA</File_Type>
                </Fixed_Header>
            </Earth_Explorer_Header>
            <Data_Block type="xml">
                <report globalStatus="PASSED" date="\(acquisition.generationTime.iso(decimals: 3))">
                    <checkList>
                        <name>\(check.rawValue)</name>
                        <item name="\(item)"/>
                    </checkList>
                </report>
            </Data_Block>
        </Earth_Explorer_File>

        """
    }
}
