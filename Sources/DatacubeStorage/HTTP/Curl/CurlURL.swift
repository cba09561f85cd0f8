import CCurl

/// Wraps libcurl's URL parser.
enum CurlURL {
    /// The absolute URL that a reference means in a document at `base`.
    static func resolve(_ reference: String, against base: String) throws(PipelineError) -> String {
        guard let url = unsafe curl_url() else { throw PipelineError(.system, "libcurl has no memory for a URL") }
        defer { unsafe curl_url_cleanup(url) }
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK,
            unsafe curl_url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK,
            unsafe curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK, let text = unsafe text
        else { throw PipelineError(.corrupt, "\(base) refers to '\(reference)', which is not a URL") }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
