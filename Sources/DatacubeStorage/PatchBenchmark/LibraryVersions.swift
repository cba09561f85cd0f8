/// Which versions of which libraries took part in a run, by their names.
enum LibraryVersions {
    static let current = [
        "Blosc": BloscCodec.version,
        "curl": CurlTransfer.version,
        "Expat": XMLParser.version,
        // Only conversions load it.
        "GDAL (headers)": GDALLibrary.version,
        "libcrypto": MessageDigest.version,
        "libdeflate": Zlib.version,
        "OpenJPEG": CodestreamDecoder.version,
        "Zstandard": Zstandard.version,
    ]
}
