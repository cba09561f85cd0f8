/// `MTD_MSIL1C.xml`: the product's metadata.
struct ProductDocument: Sendable {
    let identity: ProductIdentity
    let weather: Weather
    let extent: Int

    private var acquisition: Acquisition { identity.acquisition }

    var xml: String {
        let schema = "https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-1C.xsd"
        let instance = "http://www.w3.org/2001/XMLSchema-instance"
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <n1:Level-1C_User_Product xmlns:n1="\(schema)" xmlns:xsi="\(instance)" xsi:schemaLocation="\(schema)">
                <n1:General_Info>
            \(productInfo)
            \(imageCharacteristics)
                </n1:General_Info>
            \(geometricInfo)
            \(auxiliaryData)
            \(qualityIndicators)
            </n1:Level-1C_User_Product>

            """
    }

    private var productInfo: String {
        let start = acquisition.datatakeStart.iso(decimals: 3)
        return """
                    <Product_Info>
                        <PRODUCT_START_TIME>\(start)</PRODUCT_START_TIME>
                        <PRODUCT_STOP_TIME>\(start)</PRODUCT_STOP_TIME>
                        <PRODUCT_URI>\(identity.product)</PRODUCT_URI>
                        <PROCESSING_LEVEL>Level-1C</PROCESSING_LEVEL>
                        <PRODUCT_TYPE>S2MSI1C</PRODUCT_TYPE>
                        <PROCESSING_BASELINE>\(acquisition.baseline)</PROCESSING_BASELINE>
                        <PRODUCT_DOI>https://doi.org/10.5270/S2_-742ikth</PRODUCT_DOI>
                        <GENERATION_TIME>\(acquisition.generationTime.iso(decimals: 6))</GENERATION_TIME>
                        <PREVIEW_IMAGE_URL>Not applicable</PREVIEW_IMAGE_URL>
                        <PREVIEW_GEO_INFO>Not applicable</PREVIEW_GEO_INFO>
                        <Datatake datatakeIdentifier="\(identity.datatake)">
                            <SPACECRAFT_NAME>\(acquisition.spacecraft.longName)</SPACECRAFT_NAME>
                            <DATATAKE_TYPE>INS-NOBS</DATATAKE_TYPE>
                            <DATATAKE_SENSING_START>\(start)</DATATAKE_SENSING_START>
                            <SENSING_ORBIT_NUMBER>\(acquisition.track.relativeOrbit)</SENSING_ORBIT_NUMBER>
                            <SENSING_ORBIT_DIRECTION>DESCENDING</SENSING_ORBIT_DIRECTION>
                        </Datatake>
                        <Query_Options completeSingleTile="true">
                            <PRODUCT_FORMAT>SAFE_COMPACT</PRODUCT_FORMAT>
                        </Query_Options>
                        <Product_Organisation>
                            <Granule_List>
                                <Granule \(granuleAttributes)>
            \(imageFiles)
                                </Granule>
                            </Granule_List>
                        </Product_Organisation>
                    </Product_Info>
            """
    }

    private var granuleAttributes: String {
        "datastripIdentifier=\"\(identity.datastrip)\" granuleIdentifier=\"\(identity.granule)\""
            + " imageFormat=\"JPEG2000\""
    }

    private var imageFiles: String {
        let names = Band.allCases.map(\.name) + ["TCI"]
        return names.map { indented(24, text: "<IMAGE_FILE>\(identity.imagePath($0))</IMAGE_FILE>") }.joined(
            separator: "\n"
        )
    }

    private var imageCharacteristics: String {
        """
                <Product_Image_Characteristics>
                    <Special_Values>
                        <SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>
                        <SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX>
                    </Special_Values>
                    <Special_Values>
                        <SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT>
                        <SPECIAL_VALUE_INDEX>65535</SPECIAL_VALUE_INDEX>
                    </Special_Values>
        \(RadiometricElements(acquisition: acquisition).xml)
                </Product_Image_Characteristics>
        """
    }

    private var geometricInfo: String {
        """
            <n1:Geometric_Info>
                <Product_Footprint>
                    <Product_Footprint>
                        <Global_Footprint>
                            <EXT_POS_LIST>\(Footprint.positions(of: acquisition, extent: extent))</EXT_POS_LIST>
                        </Global_Footprint>
                    </Product_Footprint>
                    <RASTER_CS_TYPE>POINT</RASTER_CS_TYPE>
                    <PIXEL_ORIGIN>1</PIXEL_ORIGIN>
                </Product_Footprint>
                <Coordinate_Reference_System>
                    <GEO_TABLES version="1">EPSG</GEO_TABLES>
                    <HORIZONTAL_CS_TYPE>GEOGRAPHIC</HORIZONTAL_CS_TYPE>
                </Coordinate_Reference_System>
            </n1:Geometric_Info>
        """
    }

    private var auxiliaryData: String {
        """
            <n1:Auxiliary_Data_Info>
                <GIPP_List/>
                <PRODUCTION_DEM_TYPE>S2__OPER_DEM_GLOBEF_PDMC_19800101T000000_S19800101T000000</PRODUCTION_DEM_TYPE>
                <IERS_BULLETIN_FILENAME>\(AuxiliaryNames(acquisition).earthRotation)</IERS_BULLETIN_FILENAME>
                <GRI_List/>
                <ECMWF_DATA_REF>\(AuxiliaryNames(acquisition).weather)</ECMWF_DATA_REF>
            </n1:Auxiliary_Data_Info>
        """
    }

    private var qualityIndicators: String {
        """
            <n1:Quality_Indicators_Info>
                <Cloud_Coverage_Assessment>\(weather.cloudPercentage.fixed(13))</Cloud_Coverage_Assessment>
                <Snow_Coverage_Assessment>\(weather.snowPercentage.fixed(13))</Snow_Coverage_Assessment>
                <Technical_Quality_Assessment>
                    <DEGRADED_ANC_DATA_PERCENTAGE>0.0</DEGRADED_ANC_DATA_PERCENTAGE>
                    <DEGRADED_MSI_DATA_PERCENTAGE>0</DEGRADED_MSI_DATA_PERCENTAGE>
                </Technical_Quality_Assessment>
                <Quality_Control_Checks>
                    <Quality_Inspections>
        \(QualityReport.Check.allCases.map(\.inspection).joined(separator: "\n"))
                    </Quality_Inspections>
                    <Failed_Inspections/>
                </Quality_Control_Checks>
            </n1:Quality_Indicators_Info>
        """
    }
}

/// The text after so many blanks.
func indented(_ indent: Int, text: String) -> String { String(repeating: " ", count: indent) + text }

/// Names of auxiliary files of the day.
struct AuxiliaryNames {
    let earthRotation: String
    let weather: String
    let aerosol: String

    init(_ acquisition: Acquisition) {
        let day = acquisition.datatakeStart.compact.prefix(8)
        earthRotation = "S2__OPER_AUX_UT1UTC_PDMC_\(day)T000000_V\(day)T000000_21000101T000000"
        weather = "S2__OPER_AUX_ECMWFD_ADG__\(day)T000000_V\(day)T090000_21000101T000000"
        aerosol = "S2__OPER_AUX_CAMSFO_ADG__\(day)T000000_V\(day)T000000_21000101T000000"
    }
}
