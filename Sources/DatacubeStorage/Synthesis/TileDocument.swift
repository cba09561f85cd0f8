/// `MTD_TL.xml`: the granule's metadata.
struct TileDocument: Sendable {
    let identity: ProductIdentity
    let weather: Weather
    let extent: Int

    private var acquisition: Acquisition { identity.acquisition }
    private var tile: MGRSTile { acquisition.tile }
    private var angles: SunAndView { SunAndView(acquisition: acquisition) }

    var xml: String {
        let schema = "https://psd-14.sentinel2.eo.esa.int/PSD/S2_PDI_Level-1C_Tile_Metadata.xsd"
        let instance = "http://www.w3.org/2001/XMLSchema-instance"
        return """
            <?xml version="1.0" encoding="UTF-8" standalone="no"?>
            <n1:Level-1C_Tile_ID xmlns:n1="\(schema)" xmlns:xsi="\(instance)" xsi:schemaLocation="\(schema)">

            \(generalInfo)

              <n1:Geometric_Info>
            \(geocoding)
            \(tileAngles)
              </n1:Geometric_Info>

            \(qualityIndicators)

            </n1:Level-1C_Tile_ID>

            """
    }

    private var generalInfo: String {
        """
          <n1:General_Info>
            <TILE_ID metadataLevel="Brief">\(identity.granule)</TILE_ID>
            <DATASTRIP_ID metadataLevel="Standard">\(identity.datastrip)</DATASTRIP_ID>
            <DOWNLINK_PRIORITY metadataLevel="Standard">NOMINAL</DOWNLINK_PRIORITY>
            <SENSING_TIME metadataLevel="Standard">\(acquisition.sensingTime.iso(decimals: 6))</SENSING_TIME>
            <Archiving_Info metadataLevel="Expertise">
              <ARCHIVING_CENTRE>\(acquisition.spacecraft.centre)</ARCHIVING_CENTRE>
              <ARCHIVING_TIME>\(acquisition.generationTime.iso(decimals: 6))</ARCHIVING_TIME>
            </Archiving_Info>
          </n1:General_Info>
        """
    }

    private var geocoding: String {
        let resolutions = Resolution.allCases
        let hemisphere = tile.isNorthern ? "N" : "S"
        return """
                <Tile_Geocoding metadataLevel="Brief">
                  <HORIZONTAL_CS_NAME>WGS84 / UTM zone \(tile.zone)\(hemisphere)</HORIZONTAL_CS_NAME>
                  <HORIZONTAL_CS_CODE>EPSG:\(tile.epsg)</HORIZONTAL_CS_CODE>
            \(resolutions.map(size).joined(separator: "\n"))
            \(resolutions.map(position).joined(separator: "\n"))
                </Tile_Geocoding>
            """
    }

    private func size(_ resolution: Resolution) -> String {
        """
              <Size resolution="\(resolution.metres)">
                <NROWS>\(extent * 10 / resolution.metres)</NROWS>
                <NCOLS>\(extent * 10 / resolution.metres)</NCOLS>
              </Size>
        """
    }

    private func position(_ resolution: Resolution) -> String {
        """
              <Geoposition resolution="\(resolution.metres)">
                <ULX>\(tile.west)</ULX>
                <ULY>\(tile.north)</ULY>
                <XDIM>\(resolution.metres)</XDIM>
                <YDIM>-\(resolution.metres)</YDIM>
              </Geoposition>
        """
    }

    private var tileAngles: String {
        """
            <Tile_Angles metadataLevel="Standard">
              <Sun_Angles_Grid>
        \(angles.grids { angles.sun(x: $0, y: $1) })
              </Sun_Angles_Grid>
              <Mean_Sun_Angle>
                <ZENITH_ANGLE unit="deg">\(angles.meanSun.zenith.fixed(12))</ZENITH_ANGLE>
                <AZIMUTH_ANGLE unit="deg">\(angles.meanSun.azimuth.fixed(12))</AZIMUTH_ANGLE>
              </Mean_Sun_Angle>
        \(viewingGrids)
              <Mean_Viewing_Incidence_Angle_List>
        \(Band.allCases.map(meanView).joined(separator: "\n"))
              </Mean_Viewing_Incidence_Angle_List>
            </Tile_Angles>
        """
    }

    private var viewingGrids: String {
        let detectors = angles.detectors
        let grids = Band.allCases.flatMap { band in detectors.map { viewingGrid(band, detector: $0) } }
        return grids.joined(separator: "\n")
    }

    private func viewingGrid(_ band: Band, detector: Int) -> String {
        let grids = angles.grids { x, y in
            angles.detector(x: x, y: y) == detector ? angles.view(band, x: x, y: y) : nil
        }
        return """
                  <Viewing_Incidence_Angles_Grids bandId="\(band.identifier)" detectorId="\(detector)">
            \(grids)
                  </Viewing_Incidence_Angles_Grids>
            """
    }

    private func meanView(_ band: Band) -> String {
        let mean = angles.meanView(band)
        return """
                    <Mean_Viewing_Incidence_Angle bandId="\(band.identifier)">
                      <ZENITH_ANGLE unit="deg">\(mean.zenith.fixed(12))</ZENITH_ANGLE>
                      <AZIMUTH_ANGLE unit="deg">\(mean.azimuth.fixed(12))</AZIMUTH_ANGLE>
                    </Mean_Viewing_Incidence_Angle>
            """
    }

    private var qualityIndicators: String {
        let folder = "\(identity.granuleFolder)/QI_DATA"
        return """
              <n1:Quality_Indicators_Info metadataLevel="Standard">
                <Image_Content_QI>
                  <CLOUDY_PIXEL_PERCENTAGE>\(weather.cloudPercentage.fixed(13))</CLOUDY_PIXEL_PERCENTAGE>
                  <DEGRADED_MSI_DATA_PERCENTAGE>0</DEGRADED_MSI_DATA_PERCENTAGE>
                  <SNOW_PIXEL_PERCENTAGE>\(weather.snowPercentage.fixed(13))</SNOW_PIXEL_PERCENTAGE>
                </Image_Content_QI>
                <Pixel_Level_QI geometry="FULL_RESOLUTION">
                  <MASK_FILENAME type="MSK_CLASSI">\(folder)/MSK_CLASSI_B00.jp2</MASK_FILENAME>
                </Pixel_Level_QI>
                <PVI_FILENAME>\(folder)/\(identity.image("PVI")).jp2</PVI_FILENAME>
              </n1:Quality_Indicators_Info>
            """
    }
}
