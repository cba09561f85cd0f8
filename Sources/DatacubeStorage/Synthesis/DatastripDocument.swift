/// `MTD_DS.xml`: the datastrip's metadata, without the ephemeris and attitude that make the real one 20 MB.
struct DatastripDocument: Sendable {
    let identity: ProductIdentity

    private var acquisition: Acquisition { identity.acquisition }

    var xml: String {
        let schema = "https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-1C_Datastrip_Metadata.xsd"
        let instance = "http://www.w3.org/2001/XMLSchema-instance"
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <n1:Level-1C_DataStrip_ID xmlns:n1="\(schema)" xmlns:xsi="\(instance)" xsi:schemaLocation="\(schema)">
            \(generalInfo)
            \(imageData)
            \(qualityIndicators)
            \(auxiliaryData)
            </n1:Level-1C_DataStrip_ID>

            """
    }

    private var generalInfo: String {
        let start = identity.datastripStart
        return """
              <n1:General_Info>
                <Datatake_Info datatakeIdentifier="\(identity.datatake)" metadataLevel="Brief">
                  <SPACECRAFT_NAME>\(acquisition.spacecraft.longName)</SPACECRAFT_NAME>
                  <DATATAKE_TYPE>INS-NOBS</DATATAKE_TYPE>
                  <DATATAKE_SENSING_START>\(acquisition.datatakeStart.iso(decimals: 3))</DATATAKE_SENSING_START>
                  <SENSING_ORBIT_NUMBER>\(acquisition.track.relativeOrbit)</SENSING_ORBIT_NUMBER>
                  <SENSING_ORBIT_DIRECTION>DESCENDING</SENSING_ORBIT_DIRECTION>
                </Datatake_Info>
                <Datastrip_Time_Info metadataLevel="Brief">
                  <DATASTRIP_SENSING_START>\(start.iso(decimals: 3))</DATASTRIP_SENSING_START>
                  <DATASTRIP_SENSING_STOP>\((start + 300 * Timestamp.microsecondsOfSecond).iso(decimals: 3))</DATASTRIP_SENSING_STOP>
                </Datastrip_Time_Info>
                <Processing_Info metadataLevel="Expertise">
                  <PROCESSING_BASELINE>\(acquisition.baseline)</PROCESSING_BASELINE>
                  <PRODUCT_DOI>https://doi.org/10.5270/S2_-742ikth</PRODUCT_DOI>
                  <PROCESSING_CENTER>\(acquisition.spacecraft.centre)</PROCESSING_CENTER>
                  <UTC_DATE_TIME>\(acquisition.generationTime.iso(decimals: 0))</UTC_DATE_TIME>
                </Processing_Info>
                <Downlink_Info metadataLevel="Standard">
                  <RECEPTION_STATION>INS_</RECEPTION_STATION>
                  <DOWNLINK_ORBIT_NUMBER>\(acquisition.absoluteOrbit + 1)</DOWNLINK_ORBIT_NUMBER>
                </Downlink_Info>
                <Archiving_Info metadataLevel="Expertise">
                  <ARCHIVING_CENTRE>\(acquisition.spacecraft.centre)</ARCHIVING_CENTRE>
                  <ARCHIVING_TIME>\(acquisition.generationTime.iso(decimals: 6))</ARCHIVING_TIME>
                </Archiving_Info>
              </n1:General_Info>
            """
    }

    private var imageData: String {
        """
          <n1:Image_Data_Info>
            <Tiles_Information metadataLevel="Standard">
              <Tile_List>
                <Tile tileId="\(identity.granule)"/>
              </Tile_List>
            </Tiles_Information>
            <Radiometric_Info metadataLevel="Standard">
              <SWIR_REARRANGEMENT_PROC>false</SWIR_REARRANGEMENT_PROC>
              <SATURATED_PIXELS_PROC>true</SATURATED_PIXELS_PROC>
        \(RadiometricElements(acquisition: acquisition).xml)
            </Radiometric_Info>
            <Geometric_Info metadataLevel="Standard">
              <RGM>COMPUTED</RGM>
              <Image_Refining flag="NOT_REFINED"/>
            </Geometric_Info>
          </n1:Image_Data_Info>
        """
    }

    private var qualityIndicators: String {
        """
          <n1:Quality_Indicators_Info metadataLevel="Brief">
            <Geometric_Info>
              <Geometric_QI>
                <Absolute_Location>
                  <VALUE unit="m">20</VALUE>
                </Absolute_Location>
                <EPHEMERIS_QUALITY>10</EPHEMERIS_QUALITY>
                <ANCILLARY_QUALITY>8</ANCILLARY_QUALITY>
              </Geometric_QI>
            </Geometric_Info>
            <DEGRADED_ANC_DATA_PERCENTAGE>0</DEGRADED_ANC_DATA_PERCENTAGE>
          </n1:Quality_Indicators_Info>
        """
    }

    private var auxiliaryData: String {
        let names = AuxiliaryNames(acquisition)
        return """
              <n1:Auxiliary_Data_Info metadataLevel="Standard">
                <GIPP_List/>
                <ECMWF_DATA_REF>\(names.weather)</ECMWF_DATA_REF>
                <CAMS_DATA_REF type="FORECAST">\(names.aerosol)</CAMS_DATA_REF>
                <PRODUCTION_DEM_TYPE>S2__OPER_DEM_GLOBEF_PDMC_19800101T000000_S19800101T000000</PRODUCTION_DEM_TYPE>
                <IERS_BULLETIN_FILENAME>\(names.earthRotation)</IERS_BULLETIN_FILENAME>
                <GRI_List/>
              </n1:Auxiliary_Data_Info>
            """
    }
}
