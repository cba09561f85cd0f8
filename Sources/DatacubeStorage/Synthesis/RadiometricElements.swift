import Glibc

/// How DN become reflectance: the part that product and datastrip metadata share.
struct RadiometricElements: Sendable {
    let acquisition: Acquisition

    var xml: String {
        """
                    <Image_Display_Order>
                        <RED_CHANNEL>3</RED_CHANNEL>
                        <GREEN_CHANNEL>2</GREEN_CHANNEL>
                        <BLUE_CHANNEL>1</BLUE_CHANNEL>
                    </Image_Display_Order>
                    <QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE>
        \(offsets)            <Reflectance_Conversion>
                        <U>\(earthSunCorrection.fixed(14))</U>
                        <Solar_Irradiance_List>
        \(each { indented(20, text: "<SOLAR_IRRADIANCE bandId=\"\($0.identifier)\" unit=\"W/m²/µm\">\(irradiance($0))</SOLAR_IRRADIANCE>") })
                        </Solar_Irradiance_List>
                    </Reflectance_Conversion>
                    <Spectral_Information_List>
        \(each(spectrum))
                    </Spectral_Information_List>
        \(each { indented(12, text: "<PHYSICAL_GAINS bandId=\"\($0.identifier)\">\(gain($0))</PHYSICAL_GAINS>") })
                    <REFERENCE_BAND>3</REFERENCE_BAND>
        """
    }

    private var constants: InstrumentConstants { .of(acquisition.spacecraft) }
    private func irradiance(_ band: Band) -> String { constants.solarIrradiance[band.rawValue].fixed(2) }
    private func gain(_ band: Band) -> String { constants.physicalGains[band.rawValue].fixed(8) }

    private func each(_ text: (Band) -> String) -> String {
        Band.allCases.map(text).joined(separator: "\n")
    }

    /// Since baseline 04.00 only; older products have no such list.
    private var offsets: String {
        guard acquisition.baseline.addsRadiometricOffset else { return "" }
        let list = each {
            indented(16, text: "<RADIO_ADD_OFFSET band_id=\"\($0.identifier)\">-1000</RADIO_ADD_OFFSET>")
        }
        return """
                        <Radiometric_Offset_List>
            \(list)
                        </Radiometric_Offset_List>

            """
    }

    /// 1 at the mean distance of earth and sun, largest in January.
    private var earthSunCorrection: Double {
        let day = Double(acquisition.datatakeStart.dayOfYear + 1)
        let distance = 1 - 0.01673 * cos(0.0172 * (day - 4))
        return 1 / (distance * distance)
    }

    private func spectrum(_ band: Band) -> String {
        let wavelength = constants.wavelengths[band.rawValue]
        return """
                        <Spectral_Information bandId="\(band.identifier)" physicalBand="\(band.physicalName)">
                            <RESOLUTION>\(band.resolution.metres)</RESOLUTION>
                            <Wavelength>
                                <MIN unit="nm">\(wavelength.minimum)</MIN>
                                <MAX unit="nm">\(wavelength.maximum)</MAX>
                                <CENTRAL unit="nm">\(wavelength.central)</CENTRAL>
                            </Wavelength>
                            <Spectral_Response>
                                <STEP unit="nm">1</STEP>
                                <VALUES>\(response(wavelength))</VALUES>
                            </Spectral_Response>
                        </Spectral_Information>
            """
    }

    /// A flat-topped response, one value a nanometre.
    private func response(_ wavelength: InstrumentConstants.Wavelength) -> String {
        let span = wavelength.maximum - wavelength.minimum
        let values = (0...span).map { step in
            let edge = Double(min(step, span - step)) / 6
            return edge >= 1 ? "1" : (0.02 + 0.98 * edge * edge).fixed(6)
        }
        return values.joined(separator: " ")
    }
}

extension Band {
    /// `B1`, `B8A`: the name in the lists of spectral information.
    fileprivate var physicalName: String { name.hasPrefix("B0") ? "B" + name.dropFirst(2) : name }
}
