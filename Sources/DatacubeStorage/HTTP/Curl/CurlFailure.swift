import CCurl

/// Tells what a failed transfer means: `unavailable` where the same request may succeed later.
enum CurlFailure {
    static func error(_ code: CURLcode, at place: String, isConnected: Bool, words: String) -> PipelineError {
        switch code {
        case CURLE_OPERATION_TIMEDOUT where !isConnected:
            PipelineError(.unavailable, "\(place): no connection in time", cause: words)
        case CURLE_OPERATION_TIMEDOUT:
            PipelineError(.unavailable, "\(place): the transfer stalled or took too long", cause: words)
        case CURLE_COULDNT_CONNECT:
            PipelineError(.unavailable, "\(place): no connection; is the server running?", cause: words)
        case CURLE_PARTIAL_FILE:
            PipelineError(.unavailable, "\(place): the answer ended before its announced length", cause: words)
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            PipelineError(.unavailable, "\(place): the connection broke", cause: words)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            PipelineError(
                .configuration,
                "\(place): the server's certificate is not trusted; set CURL_CA_BUNDLE to the file of its authority",
                cause: words
            )
        default:
            PipelineError(.system, "\(place): the request failed", cause: "\(words), libcurl code \(code.rawValue)")
        }
    }
}
