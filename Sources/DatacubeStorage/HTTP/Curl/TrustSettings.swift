/// Whose certificates to trust, beyond what libcurl was built with.
///
/// libcurl itself reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, but not these: the variables of the
/// `curl` tool, of OpenSSL and of the AWS tools.
struct TrustSettings: Sendable, Equatable {
    let certificateFile: String?
    let certificateFolder: String?

    init(environment: [String: String]) {
        let set = environment.filter { !$0.value.isEmpty }
        certificateFile = set["CURL_CA_BUNDLE"] ?? set["AWS_CA_BUNDLE"] ?? set["SSL_CERT_FILE"]
        certificateFolder = set["SSL_CERT_DIR"]
    }
}
